import fc from "fast-check";
import { describeLaws } from "../../../test/laws/describe-laws.js";
import { only, schema, tool, vendor } from "../../../test/laws/subject.js";
import { logprobs, object, prose, word } from "../../../test/support/arbitrary.js";
import type { ContentPart } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import { cannot } from "./shared/cannot.js";

const thinking = prose.map((text): ContentPart[] => [{ type: "reasoning", text }]);
const text = prose.map((one): ContentPart[] => [{ type: "text", text: one }]);
const calls = fc.array(
  fc
    .tuple(word, word, object)
    .map(([id, name, given]): ContentPart => ({ type: "tool-call", id, name, arguments: given })),
  { maxLength: 3 },
);
/** The type of a picture is read from its bytes. */
const pictures = fc.subarray<ContentPart>([
  { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" },
  { type: "image", mediaType: "image/jpeg", data: "/9j/4AAQ" },
]);

describeLaws({
  client,
  server,
  cannot,
  provider: "ollama",
  honoured: {
    "responseFormat.strict": only(true),
    "promptCache.mode": only("auto"),
    "tools.function.strict": only(false),
    "reasoning.summary": only("auto"),
  },
  misread: {
    NETWORK_ERROR: "PROVIDER_ERROR",
    INVALID_RESPONSE: "PROVIDER_ERROR",
    STREAM_TRUNCATED: "PROVIDER_ERROR",
  },
  ordered: true,
  renamesCalls: true,
  own: () => [
    thinking,
    fc.oneof(
      text,
      fc
        .tuple(prose, logprobs)
        .map(([one, tokens]) => [{ type: "text" as const, text: one, logprobs: tokens }]),
    ),
    pictures,
    calls,
  ],
  history: () => [thinking, text, calls],
  asks: [
    { reasoning: {} },
    { reasoning: { effort: "none" } },
    { reasoning: { effort: "high" } },
    { responseFormat: { type: "json-schema", schema: schema } },
    { tools: [{ ...tool, extensions: vendor("ollama-chat", { xNew: 1 }) }] },
    { topK: 5, logprobs: 3, seed: -1 },
    { extensions: vendor("ollama-chat", { keep_alive: "5m", options: { num_ctx: 4_096 } }) },
    {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "<think>" },
            { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" },
          ],
          extensions: vendor("ollama-chat", { xNew: 1 }),
        },
      ],
    },
  ],
  refuses: [
    { type: "image", url: "https://x.test/a.png" },
    { type: "image", uploaded: { provider: "openai", id: "f" } },
    { type: "file", mediaType: "application/pdf", data: "AAAA" },
    { type: "audio", mediaType: "audio/wav", data: "AAAA" },
  ],
});
