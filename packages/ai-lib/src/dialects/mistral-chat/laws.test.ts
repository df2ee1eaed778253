import fc from "fast-check";
import { describeLaws } from "../../../test/laws/describe-laws.js";
import type { State } from "../../../test/laws/subject.js";
import { only, schema, tool, vendor } from "../../../test/laws/subject.js";
import { base64, object, prose, url, word } from "../../../test/support/arbitrary.js";
import type { ContentPart } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import { cannot } from "./shared/cannot.js";

/** Ids have nine characters: https://docs.mistral.ai/api/endpoint/chat. */
const id = fc.stringMatching(/^[A-Za-z0-9]{9}$/);

const turn = (state: State): fc.Arbitrary<ContentPart[]>[] => [
  fc
    .tuple(prose, fc.option(word, { nil: undefined }))
    .map(([text, signature]) => [
      { type: "reasoning", text, ...(signature !== undefined && state({ signature })) },
    ]),
  prose.map((text) => [{ type: "text", text }]),
  fc.constantFrom("3", "doc").map((documentId) => [{ type: "source", documentId }]),
  fc.tuple(url, prose).map(([one, title]) => [{ type: "source", url: one, title, quote: "q" }]),
];
const calls = fc.uniqueArray(
  fc
    .tuple(id, word, object)
    .map(([one, name, given]): ContentPart => ({ type: "tool-call", id: one, name, arguments: given })),
  { maxLength: 2, selector: (call) => ("id" in call ? call.id : "") },
);

describeLaws({
  client,
  server,
  cannot,
  provider: "mistral",
  honoured: { "promptCache.mode": only("auto") },
  misread: {
    NETWORK_ERROR: "PROVIDER_ERROR",
    INVALID_RESPONSE: "PROVIDER_ERROR",
    STREAM_TRUNCATED: "PROVIDER_ERROR",
  },
  adds: ["responseFormat.name", "reasoning.effort", /^"OK\."$/],
  ordered: true,
  own: (state) => [
    ...turn(state),
    base64.map((data) => [{ type: "image", data, mediaType: "image/png", detail: "low" }]),
    calls,
  ],
  history: (state) => [...turn(state), calls],
  result: ({ name }) => ({ name }),
  models: [
    {
      id: "c",
      name: "C",
      createdAt: 1_000,
      ownedBy: "mistralai",
      contextWindow: 5,
      tools: true,
      reasoning: false,
      input: ["text", "image"],
    },
  ],
  asks: [
    { reasoning: { effort: "xhigh" } },
    { prediction: "x = 1" },
    { responseFormat: { type: "json-schema", schema: schema, name: "n", description: "d", strict: false } },
    {
      tools: [
        { ...tool, strict: true },
        { type: "provider", id: "mistral/web_search", options: { a: 1 } },
      ],
      toolChoice: { name: "f" },
      parallelToolCalls: false,
    },
    { serviceTier: "flex", cacheKey: "k", metadata: { a: 1 } },
    { extensions: vendor("mistral-chat", { x_fields: { a: 1 } }) },
    {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "x" },
            { type: "image", url: "https://example.com/a.png", detail: "low" },
            { type: "audio", data: "aGk=", mediaType: "audio/mpeg" },
            { type: "audio", data: "aGk=", mediaType: "audio/flac" },
            { type: "audio", url: "https://example.com/a.mp3" },
            { type: "file", data: "aGk=", mediaType: "application/pdf", name: "a.pdf" },
            { type: "file", url: "https://example.com/a.pdf" },
            { type: "file", uploaded: { provider: "mistral-chat", id: "f1" } },
          ],
        },
      ],
    },
  ],
});
