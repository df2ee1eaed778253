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
import type { Kind, RequestOf, ResponseOf } from "../../core/values/kinds.js";
import { wavOf } from "../../dialects/shared/common/speech.js";

/** What a kind of call besides chat is checked with. */
export interface KindSampleOf<K extends Kind> {
  readonly laws: KindLaws<K>;
  /** A small request that the provider answers. */
  readonly request: RequestOf<K>;
  /** What is wrong with a response, in words; undefined for nothing. Default: nothing more is checked. */
  check?(response: ResponseOf<K>): string | undefined;
}

/** What a kind of call besides chat is checked with, of any kind. */
export type KindSample = { [K in Kind]: KindSampleOf<K> }[Kind];

const TEXTS = ["The sky is blue.", "Rivers run to the sea."];

const embedSample: KindSampleOf<"embed"> = {
  laws: embedLaws,
  request: { inputs: TEXTS },
  check({ embeddings, dimensions }) {
    if (embeddings.length !== TEXTS.length)
      return `${TEXTS.length} texts have ${embeddings.length} vectors: one for each text is due`;
    return embeddings.every((vector) => vector.length === dimensions && vector.every(Number.isFinite))
      ? undefined
      : `a vector does not consist of ${dimensions} numbers, as the response says`;
  },
};

const moderateSample: KindSampleOf<"moderate"> = {
  laws: moderateLaws,
  request: { inputs: TEXTS },
  check: ({ verdicts }) =>
    verdicts.length === TEXTS.length
      ? undefined
      : `${TEXTS.length} texts have ${verdicts.length} verdicts: one for each text is due`,
};

const rerankSample: KindSampleOf<"rerank"> = {
  laws: rerankLaws,
  request: { query: "Where do rivers run?", documents: TEXTS },
  check({ results }) {
    const places = new Set(results.map(({ index }) => index));
    if (places.size !== results.length || results.length === 0)
      return "the results name a document twice, or none";
    return results.every(({ index }) => Number.isInteger(index) && index >= 0 && index < TEXTS.length)
      ? undefined
      : "a result names a document that the request does not have";
  },
};

const countSample: KindSampleOf<"countTokens"> = {
  laws: countTokensLaws,
  request: { messages: [{ role: "user", content: TEXTS.join(" ") }] },
  check: ({ inputTokens }) =>
    Number.isInteger(inputTokens) && inputTokens > 0 ? undefined : `the count of a text is ${inputTokens}`,
};

const speakSample: KindSampleOf<"speak"> = {
  laws: speakLaws,
  request: { text: "Hello." },
  check({ audio: { data, mediaType } }) {
    if (data === "") return "the sound is empty";
    return mediaType.startsWith("audio/") ? undefined : `the sound has the media type "${mediaType}"`;
  },
};

/** Samples a second. */
const RATE = 8_000;

/** A tone of one second, as a WAV file. */
function tone(): string {
  const samples = Int16Array.from(
    { length: RATE },
    (_, i) => 3_000 * Math.sin((2 * Math.PI * 440 * i) / RATE),
  );
  return base64OfBytes(wavOf(new Uint8Array(samples.buffer), RATE));
}

const transcribeSample: KindSampleOf<"transcribe"> = {
  laws: transcribeLaws,
  request: { audio: { data: tone(), mediaType: "audio/wav", name: "tone.wav" } },
  check: ({ text }) => (typeof text === "string" ? undefined : "the transcript has no text"),
};

const imageSample: KindSampleOf<"image"> = {
  laws: imageLaws,
  request: { prompt: "A blue circle on white" },
  check({ images }) {
    if (images.length === 0) return "there is no picture";
    return images.every(({ data, url }) => (data ?? url ?? "") !== "")
      ? undefined
      : "a picture has neither bytes nor an address";
  },
};

/** A page that says "The sky". */
const PAGE = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 80]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj<</Length 33>>stream
BT/F 24 Tf 20 30 Td(The sky)Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
trailer<</Size 6/Root 1 0 R>>
%%EOF`;

const ocrSample: KindSampleOf<"ocr"> = {
  laws: ocrLaws,
  request: {
    document: {
      data: base64OfBytes(new TextEncoder().encode(PAGE)),
      mediaType: "application/pdf",
      name: "page.pdf",
    },
  },
  check: ({ pages }) => (pages.length > 0 ? undefined : "the document has no page"),
};

const decideSample: KindSampleOf<"decide"> = {
  laws: decideLaws,
  request: {
    input: "The sky is blue.",
    questions: [{ type: "boolean", name: "weather", instructions: "The text is about the sky" }],
  },
  check: ({ decisions }) =>
    decisions.length === 1 ? undefined : `one question has ${decisions.length} decisions`,
};

/** A sample of every kind that the library has. */
export const KIND_SAMPLES: readonly KindSample[] = [
  embedSample,
  moderateSample,
  rerankSample,
  countSample,
  speakSample,
  transcribeSample,
  imageSample,
  ocrSample,
  decideSample,
];
