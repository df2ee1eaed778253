import fc from "fast-check";
import { describeLaws } from "../../../test/laws/describe-laws.js";
import { hello, only, type State, schema, tool, vendor } from "../../../test/laws/subject.js";
import { base64, object, prose, url, word } from "../../../test/support/arbitrary.js";
import type { ContentPart } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import { cannot } from "./shared/cannot.js";

/** Parts of a turn, signed: the dialect takes no other calls back. */
const turn = (state: State): fc.Arbitrary<ContentPart[]>[] => {
  const signed = (part: fc.Arbitrary<ContentPart>) =>
    fc
      .tuple(part, word)
      .map(([one, thoughtSignature]): ContentPart[] => [
        { ...one, ...state({ thoughtSignature }, "google") },
      ]);
  const ran = { executedBy: "provider" as const };
  return [
    signed(prose.map((text) => ({ type: "reasoning", text }))),
    signed(prose.map((text) => ({ type: "text", text }))),
    signed(
      fc
        .tuple(word, word, object)
        .map(([id, name, given]) => ({ type: "tool-call", id, name, arguments: given })),
    ),
    signed(
      fc
        .tuple(word, object)
        .map(([id, given]) => ({ type: "tool-call", id, name: "FILE_SEARCH", arguments: given, ...ran })),
    ),
    signed(
      fc.tuple(word, prose).map(([id, code]) => ({
        type: "tool-call",
        id,
        name: "codeExecution",
        arguments: { language: "PYTHON", code },
        ...ran,
      })),
    ),
    signed(
      fc.tuple(word, prose, fc.boolean()).map(([id, content, failed]) => ({
        type: "tool-result",
        id,
        name: failed ? "codeExecution" : "URL_CONTEXT",
        content,
        ...(failed && { isError: true }),
        ...ran,
      })),
    ),
    signed(base64.map((data) => ({ type: "image", mediaType: "image/webp", data }))),
    signed(base64.map((data) => ({ type: "audio", mediaType: "audio/L16;rate=24000", data }))),
    signed(url.map((one) => ({ type: "file", mediaType: "application/pdf", url: one }))),
  ];
};

describeLaws({
  client,
  server,
  cannot,
  provider: "google",
  honoured: {
    "responseFormat.strict": only(true),
    // A forced call is held to its schema: https://ai.google.dev/gemini-api/docs/function-calling#function_calling_modes
    "tools.function.strict": (value, { toolChoice }) =>
      value === false || toolChoice === "required" || typeof toolChoice === "object",
    "reasoning.summary": only("auto"),
    "promptCache.mode": only("auto"),
  },
  misread: {
    NETWORK_ERROR: "PROVIDER_ERROR",
    INVALID_RESPONSE: "PROVIDER_ERROR",
    STREAM_TRUNCATED: "PROVIDER_ERROR",
  },
  // Thinking cannot be switched off everywhere; it is hidden then.
  adds: [/"includeThoughts":false/],
  ordered: true,
  own: (state) => [
    ...turn(state),
    fc.array(fc.tuple(url, prose, word, prose), { maxLength: 2 }).map((sources) =>
      sources.map(([one, title, documentId, quote]) => ({
        type: "source",
        url: one,
        title,
        documentId,
        quote,
      })),
    ),
  ],
  history: turn,
  asks: [
    { reasoning: { effort: "minimal" } },
    { reasoning: { effort: "high" } },
    { reasoning: { budgetTokens: 512 } },
    { responseFormat: { type: "json-schema", schema: schema } },
    {
      tools: [
        { ...tool, parameters: { ...schema, $defs: { T: { type: ["string", "null"] } } } },
        { ...tool, name: "g", extensions: vendor("gemini", { xResponse: 1 }) },
      ],
      toolChoice: "required",
    },
    { logprobs: 3, output: { modalities: ["text", "image"] }, serviceTier: "flex" },
    { output: { modalities: ["audio"], audio: { voice: "Kore" } } },
    {
      extensions: vendor("gemini", {
        cachedContent: "c",
        safetySettings: [{ category: "X", threshold: "Y" }],
      }),
    },
    {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: '{"output":"x"}', extensions: vendor("gemini", { xA: 1 }) },
            { type: "image", mediaType: "image/png", data: "AAAA" },
            { type: "audio", mediaType: "audio/wav", data: "AAAA" },
            { type: "file", mediaType: "video/mp4", url: "https://example.com/a.mp4" },
          ],
          extensions: vendor("gemini", { xB: 2 }),
        },
        {
          role: "assistant",
          content: [
            {
              type: "tool-call",
              id: "1",
              name: "f",
              arguments: {},
              origin: { family: "google", data: { thoughtSignature: "c2ln" } },
            },
          ],
        },
        {
          role: "tool",
          content: [
            {
              type: "tool-result",
              id: "1",
              content: [
                { type: "text", text: "{}" },
                { type: "image", mediaType: "image/png", data: "AAAA" },
              ],
              isError: true,
            },
          ],
        },
        hello,
      ],
    },
  ],
});
