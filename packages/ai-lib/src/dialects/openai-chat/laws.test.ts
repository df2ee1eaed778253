import fc from "fast-check";
import { describeLaws } from "../../../test/laws/describe-laws.js";
import { only, schema, tool, vendor } from "../../../test/laws/subject.js";
import { base64, logprobs, object, prose, url, word } from "../../../test/support/arbitrary.js";
import type { ContentPart } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import { cannot } from "./shared/cannot.js";

const calls = fc.array(
  fc
    .tuple(word, word, object)
    .map(([id, name, given]): ContentPart => ({ type: "tool-call", id, name, arguments: given })),
  { maxLength: 3 },
);

describeLaws({
  client,
  server,
  cannot,
  provider: "labs",
  textCalls: true,
  honoured: { "promptCache.mode": only("auto") },
  namesRequests: true,
  adds: [
    /^"From the result of the tool call/,
    "user.file.name",
    "tool.tool-result.file.name",
    "responseFormat.name",
    "reasoning.effort",
  ],
  ordered: true,
  own: (state) => [
    fc.tuple(prose, word).map(([text, signature]) => [
      {
        type: "reasoning",
        text,
        ...state({ reasoning_details: [{ type: "reasoning.text", text, signature, index: 0 }] }),
      },
    ]),
    fc.tuple(word, word, object, prose).map(([id, name, given, content]) => [
      { type: "tool-call", id, name, arguments: given, executedBy: "provider" },
      { type: "tool-result", id, name, content, executedBy: "provider" },
    ]),
    fc.oneof(
      fc
        .tuple(prose, word)
        .map(([text, thought_signature]) => [
          { type: "text" as const, text, ...state({ extra_content: { google: { thought_signature } } }) },
        ]),
      fc.tuple(prose, logprobs).map(([text, tokens]) => [{ type: "text" as const, text, logprobs: tokens }]),
    ),
    prose.map((text) => [{ type: "refusal", text }]),
    fc.array(
      base64.map((data) => ({ type: "image" as const, mediaType: "image/png", data })),
      { maxLength: 2 },
    ),
    fc
      .tuple(base64, prose)
      .map(([data, transcript]) => [
        { type: "audio", data: `UklGRgAA${data}`, mediaType: "audio/wav", transcript },
      ]),
    fc.array(
      fc.tuple(word, word, object, word).map(([id, name, given, thought_signature]) => ({
        type: "tool-call" as const,
        id,
        name,
        arguments: given,
        ...state({ extra_content: { google: { thought_signature } } }),
      })),
      { maxLength: 2 },
    ),
    fc.array(
      fc.tuple(url, prose).map(([one, title]) => ({ type: "source" as const, url: one, title, quote: "q" })),
      { maxLength: 2 },
    ),
  ],
  history: () => [
    prose.map((text) => [{ type: "reasoning", text }]),
    prose.map((text) => [{ type: "text", text }]),
    calls,
  ],
  quirks: { reasoningHistory: "reasoning_content" },
  asks: [
    { reasoning: { effort: "none" } },
    { reasoning: { effort: "high" } },
    { responseFormat: { type: "json-schema", schema: schema, name: "n", strict: true } },
    { tools: [{ ...tool, strict: true }], toolChoice: "required", parallelToolCalls: false },
    { output: { modalities: ["text", "audio"], audio: { voice: "alloy", format: "wav" } } },
    { logprobs: 5, serviceTier: "flex", user: "ann", metadata: { team: "a" } },
    { logitBias: { "50256": -100 }, prediction: "x = 1", verbosity: "low", store: true },
    { extensions: vendor("openai-chat", { safe: { mode: true } }) },
    {
      messages: [
        {
          role: "user",
          name: "ann",
          content: [
            { type: "text", text: "x" },
            { type: "image", url: "https://example.com/a.png", detail: "low" },
            { type: "image", data: "aGk=", mediaType: "image/png" },
            { type: "audio", data: "aGk=", mediaType: "audio/wav" },
            { type: "file", data: "aGk=", mediaType: "application/pdf", name: "a.pdf" },
          ],
        },
      ],
    },
  ],
});
