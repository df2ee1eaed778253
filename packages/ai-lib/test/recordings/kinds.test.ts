import { describe, expect, it } from "vitest";
import type { KindApi } from "../../src/apis/index.js";
import type { DialectId } from "../../src/core/contract/dialect.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { CountTokensResponse } from "../../src/core/values/count-tokens.js";
import type { ImageResponse } from "../../src/core/values/image.js";
import type { Kind, ResponseOf } from "../../src/core/values/kinds.js";
import type { ModerateResponse } from "../../src/core/values/moderation.js";
import type { OcrResponse } from "../../src/core/values/ocr.js";
import type { RerankResponse } from "../../src/core/values/rerank.js";
import type { SpeakResponse } from "../../src/core/values/speech.js";
import type { SpokenSegment, TranscribeResponse } from "../../src/core/values/transcription.js";
import { AiClient, defineProvider } from "../../src/index.js";
import {
  bodyOf,
  hasRecordings,
  type KindCase,
  type KindExpected,
  kindCases,
} from "../support/kind-recordings.js";
import { memoryTransport } from "../support/memory-transport.js";

/** How the exchanges of one API are replayed: a dialect, an API of its own, a request, and what must come of it. */
interface Replayed {
  readonly kind: Kind;
  readonly dialect: DialectId;
  readonly api?: KindApi;
  ask(client: AiClient, each: KindCase): Promise<ResponseOf>;
  /** The same request for a stream, where the kind has one: what is asserted holds for both. */
  stream?(client: AiClient, each: KindCase): Promise<ResponseOf>;
  check(expected: KindExpected, got: never): void;
}

const rerank = (dialect: DialectId, api?: KindApi): Replayed => ({
  kind: "rerank",
  dialect,
  ...(api === undefined ? {} : { api }),
  ask(client, { recording, expected }) {
    const body = (recording.request?.body ?? {}) as { query?: string; documents?: unknown[] };
    const results = (expected["results"] ?? []) as { index: number }[];
    const most = Math.max(0, ...results.map(({ index }) => index));
    // Where only the answer was kept, as many documents as it names.
    const documents = (body.documents ??
      Array.from({ length: most + 1 }, (_, i) => `document ${i}`)) as string[];
    return client.rerank({ model: recording.model ?? "m", query: body.query ?? "query", documents });
  },
  check(expected, got: RerankResponse) {
    const { results, usage, model } = expected as KindExpected & {
      readonly results: readonly { index: number; score: number }[];
      readonly usage: { readonly searchUnits?: number; readonly inputTokens?: number } | null;
      readonly model: string | null;
    };
    expect(got.results.map(({ index }) => index)).toEqual(results.map(({ index }) => index));
    results.forEach(({ score }, i) => {
      expect(Math.abs((got.results[i]?.score ?? Number.NaN) - score)).toBeLessThanOrEqual(
        Math.abs(score) * 1e-6,
      );
    });
    if (typeof usage?.searchUnits === "number") expect(got.searchUnits).toBe(usage.searchUnits);
    if (typeof usage?.inputTokens === "number") expect(got.usage.inputTokens).toBe(usage.inputTokens);
    if (model !== null) expect(got.model).toBe(model);
  },
});

const count = (dialect: DialectId): Replayed => ({
  kind: "countTokens",
  dialect,
  ask: (client, { recording }) =>
    client.countTokens({ model: recording.model ?? "m", messages: [{ role: "user", content: "Hi" }] }),
  check(expected, got: CountTokensResponse) {
    expect(got.estimated).toBe(false);
    expect(got.inputTokens).toBe(expected["inputTokens"]);
    if (expected["cachedInputTokens"] !== null)
      expect(got.cachedInputTokens).toBe(expected["cachedInputTokens"]);
  },
});

const moderation: Replayed = {
  kind: "moderate",
  dialect: "mistral-chat",
  ask: (client, { recording }) => client.moderate({ model: recording.model ?? "m", inputs: ["A text"] }),
  check(expected, got: ModerateResponse) {
    const { results, usage, model } = expected as KindExpected & {
      readonly results: readonly { flagged: boolean; categories: readonly string[]; scores: number }[];
      readonly usage: { readonly inputTokens: number } | null;
      readonly model: string;
    };
    expect(got.verdicts.map(({ flagged }) => flagged)).toEqual(results.map(({ flagged }) => flagged));
    expect(got.verdicts.map(({ scores }) => Object.keys(scores).length)).toEqual(
      results.map(({ scores }) => scores),
    );
    if (usage !== null) expect(got.usage.inputTokens).toBe(usage.inputTokens);
    expect(got.model).toBe(model);
  },
};

/** A stretch of times as the key has it. */
interface Times {
  readonly count: number;
  readonly first: readonly [number, number];
  readonly last: readonly [number, number];
}

function checkTimes(expected: Times | null, got: readonly SpokenSegment[] | undefined): void {
  if (expected === null) return;
  expect(got).toHaveLength(expected.count);
  expect([got?.[0]?.start, got?.[0]?.end]).toEqual(expected.first);
  expect([got?.at(-1)?.start, got?.at(-1)?.end]).toEqual(expected.last);
}

const transcribe = (dialect: DialectId, api?: KindApi): Replayed => ({
  kind: "transcribe",
  dialect,
  ...(api === undefined ? {} : { api }),
  ask: (client, { recording }) =>
    client.transcribe({ model: recording.model ?? "m", audio: { data: "AAAA", mediaType: "audio/wav" } }),
  stream: (client, { recording }) =>
    client
      .streamTranscript({ model: recording.model ?? "m", audio: { data: "AAAA", mediaType: "audio/wav" } })
      .response(),
  check(expected, got: TranscribeResponse) {
    const asserted = expected as KindExpected & {
      readonly text: string | null;
      readonly language: string | null;
      readonly duration: number | null;
      readonly segments: Times | null;
      readonly words: Times | null;
      readonly speakers: readonly (string | number)[] | null;
      readonly usage: {
        readonly inputTokens?: number;
        readonly outputTokens?: number;
        readonly audioSeconds?: number;
      } | null;
      readonly model: string | null;
    };
    const { text, language, duration, speakers, usage, model } = asserted;
    if (text !== null) expect(got.text.trim()).toBe(text.trim());
    if (language !== null) expect(got.language).toBe(language);
    if (duration !== null) expect(got.durationSeconds).toBeCloseTo(duration, 6);
    checkTimes(asserted.segments, got.segments);
    checkTimes(asserted.words, got.words);
    if (speakers !== null) {
      const told = (got.segments ?? got.words ?? []).map(({ speaker }) => speaker);
      expect([...new Set(told)].filter((each) => each !== undefined)).toEqual(speakers.map(String));
    }
    if (typeof usage?.inputTokens === "number") expect(got.usage.inputTokens).toBe(usage.inputTokens);
    if (typeof usage?.outputTokens === "number") expect(got.usage.outputTokens).toBe(usage.outputTokens);
    if (typeof usage?.audioSeconds === "number") expect(got.billedSeconds).toBe(usage.audioSeconds);
    if (model !== null) expect(got.model).toBe(model);
  },
});

const speak = (dialect: DialectId, api?: KindApi, format?: "pcm"): Replayed => ({
  kind: "speak",
  dialect,
  ...(api === undefined ? {} : { api }),
  ask: (client, { recording }) =>
    client.speak({ model: recording.model ?? "m", text: "Hello", voice: "v", ...(format && { format }) }),
  stream: (client, { recording }) =>
    client
      .streamSpeech({ model: recording.model ?? "m", text: "Hello", voice: "v", ...(format && { format }) })
      .response(),
  check(expected, got: SpeakResponse) {
    const { bytes, declared, usage } = expected as KindExpected & {
      readonly bytes: number | null;
      readonly declared: string | null;
      readonly usage: { readonly inputTokens?: number; readonly outputTokens?: number } | null;
    };
    if (bytes !== null) expect(Buffer.from(got.audio.data, "base64")).toHaveLength(bytes);
    if (declared?.startsWith("audio/") === true && format === undefined)
      expect(got.audio.mediaType).toBe(declared.split(";")[0]);
    if (typeof usage?.inputTokens === "number") expect(got.usage.inputTokens).toBe(usage.inputTokens);
    if (typeof usage?.outputTokens === "number") expect(got.usage.outputTokens).toBe(usage.outputTokens);
  },
});

const image = (dialect: DialectId, api?: KindApi): Replayed => ({
  kind: "image",
  dialect,
  ...(api === undefined ? {} : { api }),
  ask: (client, { recording }) => client.image({ model: recording.model ?? "m", prompt: "A cat" }),
  stream: (client, { recording }) =>
    client.streamImage({ model: recording.model ?? "m", prompt: "A cat" }).response(),
  check(expected, got: ImageResponse) {
    const { images, revisedPrompts, text, usage, model } = expected as KindExpected & {
      readonly images: readonly { url: string | null; bytes: number | null; mediaType: string | null }[];
      readonly revisedPrompts: readonly (string | null)[] | null;
      readonly text: string | null;
      readonly usage: { readonly inputTokens?: number; readonly outputTokens?: number } | null;
      readonly model: string | null;
    };
    expect(got.images).toHaveLength(images.length);
    images.forEach(({ url, bytes, mediaType }, i) => {
      const found = got.images[i];
      if (url !== null && !url.startsWith("data:")) expect(found?.url).toBe(url);
      if (bytes !== null) expect(Buffer.from(found?.data ?? "", "base64")).toHaveLength(bytes);
      if (mediaType !== null) expect(found?.mediaType).toBe(mediaType);
    });
    const revised = got.images.flatMap(({ revisedPrompt }) => revisedPrompt ?? []);
    const told = (revisedPrompts ?? []).filter((each) => each !== null);
    if (told.length > 0) expect(revised).toEqual(told);
    if (text !== null) expect(got.text).toBe(text);
    if (typeof usage?.inputTokens === "number") expect(got.usage.inputTokens).toBe(usage.inputTokens);
    if (typeof usage?.outputTokens === "number") expect(got.usage.outputTokens).toBe(usage.outputTokens);
    if (model !== null) expect(got.model).toBe(model);
  },
});

const ocr: Replayed = {
  kind: "ocr",
  dialect: "mistral-chat",
  ask: (client, { recording }) =>
    client.ocr({ model: recording.model ?? "m", document: { url: "https://example.com/a.pdf" } }),
  check(expected, got: OcrResponse) {
    expect(got.pages).toHaveLength(expected["pages"] as number);
    expect(got.billedPages).toBe(expected["pagesProcessed"]);
    expect(got.pages[0]?.markdown).toHaveLength(expected["firstPageCharacters"] as number);
    expect(got.model).toBe(expected["model"]);
  },
};

const APIS: Readonly<Record<string, Replayed>> = {
  "openai-speech": speak("openai-chat"),
  "mistral-speech": speak("mistral-chat"),
  "gemini-speech": speak("gemini", undefined, "pcm"),
  "deepgram-speak": speak("openai-chat", "deepgram-speak"),
  "elevenlabs-tts": speak("openai-chat", "elevenlabs-speak"),
  "xai-tts": speak("openai-chat", "xai-speak"),
  "openai-images": image("openai-chat"),
  "openai-image-edits": image("openai-chat"),
  "openai-image-variations": image("openai-chat"),
  "gemini-image": image("gemini"),
  "xai-image-edits": image("openai-chat", "xai-images"),
  "openrouter-images": image("openai-chat", "openrouter-images"),
  "mistral-ocr": ocr,
  "openai-transcription": transcribe("openai-chat"),
  "openai-translation": transcribe("openai-chat"),
  "mistral-transcription": transcribe("mistral-chat"),
  "gemini-transcription": transcribe("gemini"),
  "deepgram-listen": transcribe("openai-chat", "deepgram-listen"),
  "elevenlabs-stt": transcribe("openai-chat", "elevenlabs-transcription"),
  "cartesia-stt": transcribe("openai-chat", "cartesia-transcription"),
  "cohere-transcription": transcribe("cohere-chat", "cohere-transcription"),
  "xai-stt": transcribe("openai-chat", "xai-transcription"),
  "hf-asr": transcribe("openai-chat", "hf-transcription"),
  "mistral-moderation": moderation,
  "mistral-chat-moderation": moderation,
  "cohere-rerank": rerank("cohere-chat"),
  "llamacpp-rerank": rerank("openai-chat", "cohere-rerank"),
  "together-rerank": rerank("openai-chat", "cohere-rerank"),
  "voyage-rerank": rerank("openai-chat", "voyage-rerank"),
  "bedrock-cohere-rerank": rerank("bedrock-converse"),
  "bedrock-rerank": rerank("bedrock-converse", "bedrock-rerank"),
  "anthropic-count-tokens": count("anthropic-messages"),
  "gemini-count-tokens": count("gemini"),
  "bedrock-count-tokens": count("bedrock-converse"),
  "openai-input-tokens": count("openai-responses"),
};

/** Exchanges whose asserted fields are not met, with the reason. */
const DEVIATIONS: Readonly<Record<string, string>> = {};

async function replay(
  each: KindCase,
  { kind, dialect, api }: Replayed,
  ask: Replayed["ask"],
): Promise<ResponseOf | AiLibError> {
  const { recording } = each;
  const { status, headers } = recording.response;
  const provider = defineProvider(
    {
      id: recording.label,
      dialect,
      baseUrl: "http://127.0.0.1:1",
      model: "m",
      kinds: { [kind]: api === undefined ? {} : { api } },
    },
    { apiKey: "k", transport: memoryTransport({ status, headers, body: bodyOf(recording) }) },
  );
  try {
    return await ask(new AiClient(provider), each);
  } catch (error) {
    if (AiLibError.is(error)) return error;
    throw error;
  }
}

function checkError(expected: KindExpected, got: AiLibError): void {
  expect([expected.outcome, got.message]).toEqual(["error", got.message]);
  const { status, class: code, classes } = expected.error ?? { status: null, class: null };
  // A request that is refused here never reaches the server.
  if (status !== null && !got.local) expect(got.status).toBe(status);
  if (code !== null) expect(got.code).toBe(code);
  if (classes !== undefined) expect(classes).toContain(got.code);
}

describe.each(Object.entries(APIS))("recorded exchanges of %s", (api, replayed) => {
  const cases = kindCases(api).filter(({ recording }) => !(recording.id in DEVIATIONS));
  it("are there where recordings are", () =>
    expect(cases.length > 0).toBe(hasRecordings || cases.length > 0));
  const { ask, stream } = replayed;
  const modes =
    stream === undefined
      ? [["whole", ask] as const]
      : [["whole", ask] as const, ["as a stream", stream] as const];
  const runs = cases.flatMap((each) =>
    modes.map(([mode, run]) => [each.recording.id, mode, each, run] as const),
  );
  it.each(runs)("%s, %s", async (_, _mode, each, run) => {
    const got = await replay(each, replayed, run);
    if (got instanceof AiLibError) checkError(each.expected, got);
    else {
      expect(each.expected.outcome).toBe("response");
      replayed.check(each.expected, got as never);
    }
  });
});
