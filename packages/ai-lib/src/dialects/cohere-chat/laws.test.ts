import fc from "fast-check";
import { describeLaws } from "../../../test/laws/describe-laws.js";
import { only, type State, schema, tool, vendor } from "../../../test/laws/subject.js";
import { object, prose, url, word } from "../../../test/support/arbitrary.js";
import type { ContentPart } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import { cannot } from "./shared/cannot.js";

const plan = (state: State) =>
  prose.map((text): ContentPart[] => [{ type: "reasoning", text, ...state({ field: "tool_plan" }) }]);
const thinking = prose.map((text): ContentPart[] => [{ type: "reasoning", text }]);
const calls = fc.array(
  fc
    .tuple(word, word, object)
    .map(([id, name, given]): ContentPart => ({ type: "tool-call", id, name, arguments: given })),
  { maxLength: 2 },
);

describeLaws({
  client,
  server,
  cannot,
  provider: "cohere",
  adds: ["reasoning.effort"],
  honoured: { "responseFormat.strict": only(true), "promptCache.mode": only("auto") },
  misread: {
    NETWORK_ERROR: "PROVIDER_ERROR",
    INVALID_RESPONSE: "PROVIDER_ERROR",
    STREAM_TRUNCATED: "PROVIDER_ERROR",
  },
  ordered: true,
  own: (state) => [
    plan(state),
    thinking,
    fc.tuple(prose, prose, url).map(([text, title, url]) => [
      { type: "text", text },
      { type: "source", documentId: "d1", title, quote: "q", url, cites: { index: 0, start: 0, end: 1 } },
      {
        type: "source",
        documentId: "f:0",
        quote: "r",
        cites: { index: 0, start: 0, end: 2 },
        origin: { family: "cohere", data: { type: "tool" } },
      },
    ]),
    calls,
  ],
  // A turn needs content or calls.
  history: (state) => [
    fc
      .tuple(plan(state), thinking, prose)
      .map(([planned, thought, text]) => [...planned, ...thought, { type: "text", text }]),
    calls,
  ],
  result: (_, text) => ({ content: [{ type: "text", text }] }),
  models: [
    {
      id: "c",
      contextWindow: 5,
      tools: true,
      reasoning: false,
      structuredOutput: true,
      input: ["text", "image"],
    },
  ],
  asks: [
    { reasoning: { effort: "none" } },
    { reasoning: { effort: "high" } },
    { reasoning: { budgetTokens: 5 } },
    { responseFormat: { type: "json-schema", schema: schema } },
    { tools: [{ ...tool, strict: true }], toolChoice: "required" },
    { topP: 0.01, topK: 500, stop: ["a", "b", "c", "d", "e"], logprobs: true },
    { extensions: vendor("cohere-chat", { citation_options: { mode: "fast" } }) },
    {
      messages: [
        {
          role: "system",
          content: [
            { type: "text", text: "s" },
            { type: "text", text: "t" },
          ],
        },
        {
          role: "user",
          content: [
            { type: "text", text: "x" },
            { type: "image", data: "aGk=", mediaType: "image/png" },
            { type: "image", url: "https://example.com/a.png", detail: "low" },
          ],
        },
      ],
    },
  ],
});
