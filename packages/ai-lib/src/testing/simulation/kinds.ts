import type { DialectId } from "../../core/contract/dialect.js";
import { countTokensLaws } from "../../core/kinds/count-tokens.js";
import { decideLaws } from "../../core/kinds/decide.js";
import { embedLaws } from "../../core/kinds/embed.js";
import { imageLaws } from "../../core/kinds/image.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import { moderateLaws } from "../../core/kinds/moderate.js";
import { ocrLaws } from "../../core/kinds/ocr.js";
import { rerankLaws } from "../../core/kinds/rerank.js";
import { speakLaws } from "../../core/kinds/speak.js";
import { transcribeLaws } from "../../core/kinds/transcribe.js";
import { base64OfBytes } from "../../core/values/base64.js";
import type { Kind, ReplyOf, RequestOf, ResponseOf } from "../../core/values/kinds.js";

/** How calls of a kind are simulated. */
export interface SimulatedCalls<K extends Kind> {
  readonly laws: KindLaws<K>;
  /** Dialects of the simulated providers. Their replies are JSON: two bodies of sound look alike. */
  readonly dialects: readonly DialectId[];
  readonly request: RequestOf<K>;
  /** A reply that names the request and, for half of all requests, the endpoint. */
  reply(mark: number): ReplyOf<K>;
  /** The part of a response that says which reply it was. */
  text(response: ResponseOf<K>): string;
}

/** The kinds besides chat that runs can be made of. */
export type SimulatedUnaryKind = Exclude<keyof typeof SIMULATED_CALLS, symbol>;

const bytes = (mark: number): string => base64OfBytes(new TextEncoder().encode(`mark ${mark}`));
const simulated = <K extends Kind>(calls: SimulatedCalls<K>): SimulatedCalls<K> => calls;

/** The kinds besides chat. */
export const SIMULATED_CALLS = {
  embed: simulated<"embed">({
    laws: embedLaws,
    dialects: ["openai-chat", "gemini", "cohere-chat"],
    request: { inputs: ["a text"] },
    reply: (mark) => ({ embeddings: [[mark, 0.5, -1]] }),
    text: ({ embeddings }) => JSON.stringify(embeddings),
  }),
  rerank: simulated<"rerank">({
    laws: rerankLaws,
    dialects: ["cohere-chat"],
    request: { query: "a", documents: ["a", "b"] },
    reply: (mark) => ({ results: [{ index: 1, score: mark }] }),
    text: ({ results }) => JSON.stringify(results),
  }),
  moderate: simulated<"moderate">({
    laws: moderateLaws,
    dialects: ["openai-chat", "mistral-chat"],
    request: { inputs: ["a text"] },
    reply: (mark) => ({ verdicts: [{ flagged: false, categories: {}, scores: { harm: mark } }] }),
    text: ({ verdicts }) => JSON.stringify(verdicts.map(({ scores }) => scores)),
  }),
  countTokens: simulated<"countTokens">({
    laws: countTokensLaws,
    dialects: ["anthropic-messages", "gemini"],
    request: { messages: [{ role: "user", content: "a text" }] },
    reply: (mark) => ({ inputTokens: mark }),
    text: ({ inputTokens }) => String(inputTokens),
  }),
  transcribe: simulated<"transcribe">({
    laws: transcribeLaws,
    dialects: ["openai-chat", "mistral-chat"],
    request: { audio: { data: "UklGRg==", mediaType: "audio/wav" } },
    reply: (mark) => ({ text: `mark ${mark}`, durationSeconds: 2 }),
    text: ({ text }) => text,
  }),
  speak: simulated<"speak">({
    laws: speakLaws,
    dialects: ["mistral-chat"],
    request: { text: "a text", voice: "v" },
    reply: (mark) => ({ audio: { data: bytes(mark), mediaType: "audio/mpeg" } }),
    text: ({ audio }) => audio.data,
  }),
  image: simulated<"image">({
    laws: imageLaws,
    dialects: ["openai-chat"],
    request: { prompt: "a cat" },
    reply: (mark) => ({ images: [{ data: bytes(mark), mediaType: "image/png" }] }),
    text: ({ images }) => JSON.stringify(images.map(({ data }) => data)),
  }),
  ocr: simulated<"ocr">({
    laws: ocrLaws,
    dialects: ["mistral-chat"],
    request: { document: { url: "https://example.com/a.pdf" } },
    reply: (mark) => ({ pages: [{ index: 0, markdown: `mark ${mark}` }], billedPages: 1 }),
    text: ({ text }) => text,
  }),
  decide: simulated<"decide">({
    laws: decideLaws,
    dialects: ["openai-chat", "openai-responses"],
    request: { input: "a text", questions: [{ type: "boolean", name: "a", instructions: "It is one" }] },
    reply: (mark) => ({ decisions: [{ type: "boolean", name: "a", probability: 1 / (mark + 1) }] }),
    text: ({ decisions }) => JSON.stringify(decisions),
  }),
};

/** How calls of a kind are simulated. */
export function simulatedCalls(kind: SimulatedUnaryKind): SimulatedCalls<Kind> {
  return SIMULATED_CALLS[kind] as unknown as SimulatedCalls<Kind>;
}
