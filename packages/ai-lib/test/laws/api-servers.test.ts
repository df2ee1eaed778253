import { describe, expect, it } from "vitest";
import { codec as deepgramListen } from "../../src/apis/deepgram-listen.js";
import { codec as deepgramSpeak } from "../../src/apis/deepgram-speak.js";
import { codec as elevenLabsSpeak } from "../../src/apis/elevenlabs-speak.js";
import { codec as elevenLabsTranscription } from "../../src/apis/elevenlabs-transcription.js";
import { deepgramListenServer, deepgramSpeakServer } from "../../src/apis/server/deepgram.js";
import { elevenLabsSpeakServer, elevenLabsTranscribeServer } from "../../src/apis/server/elevenlabs.js";
import type { KindCodec, ServerKindCodec } from "../../src/core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { SpeakRequest } from "../../src/core/values/speech.js";
import type { TranscribeRequest } from "../../src/core/values/transcription.js";
import { decodeError } from "../../src/dialects/openai-chat/client/errors.js";

const target = { provider: "labs", model: "m", quirks: {}, now: 0 };

/** A request as it arrives at a server: below the version, and with its body in both forms. */
function received({ path, body, bytes, ...http }: HttpRequest): HttpRequest {
  return {
    ...http,
    path: `/v1${path}`,
    ...(body === undefined ? {} : { body }),
    bytes: bytes ?? Buffer.from(body ?? ""),
  };
}

/** A reply as a client reads it. */
function sent(reply: HttpReply): HttpReply {
  return reply.bytes === undefined
    ? reply
    : { ...reply, body: Buffer.from(reply.bytes).toString("base64"), encoding: "base64" };
}

const facts = {
  id: "r",
  provider: "labs",
  model: "m",
  usage: { inputTokens: 0, outputTokens: 0 },
  usageStatus: "final" as const,
  warnings: [],
  attempts: [],
};
const spoken = (text: string, start: number) => ({ text, start, end: start + 0.5, speaker: "1" });

const SPEAK: readonly [string, KindCodec<"speak">, ServerKindCodec<"speak">, SpeakRequest, SpeakRequest][] = [
  [
    "Deepgram",
    deepgramSpeak,
    deepgramSpeakServer,
    { text: "Hello", voice: "v", format: "wav" },
    { text: "Hello", voice: "v", model: "v", format: "wav" },
  ],
  [
    "ElevenLabs",
    elevenLabsSpeak,
    elevenLabsSpeakServer,
    { text: "Hello", voice: "a b", format: "opus", language: "en", speed: 1.1 },
    { text: "Hello", voice: "a b", model: "m", format: "opus", language: "en", speed: 1.1 },
  ],
];

const TRANSCRIBE: readonly [string, KindCodec<"transcribe">, ServerKindCodec<"transcribe">][] = [
  ["Deepgram", deepgramListen, deepgramListenServer],
  ["ElevenLabs", elevenLabsTranscription, elevenLabsTranscribeServer],
];

const REQUESTS: readonly TranscribeRequest[] = [
  { audio: { data: "UklGRg==", mediaType: "audio/wav" }, language: "en", timestamps: ["word"] },
  { audio: { data: "UklGRg==", mediaType: "audio/wav" }, speakers: true },
  { audio: { url: "https://example.com/a.mp3" }, timestamps: ["word"] },
];

describe.each(SPEAK)("the server of %s after its client: speech", (_, client, server, request, decoded) => {
  it("reads what was written, whole and as a stream", () => {
    for (const encode of [client.encode, client.stream?.encode ?? client.encode]) {
      const http = received(encode(request, target).http);
      expect(server.matches(http)).toBe(true);
      expect(server.decode(http)).toEqual(decoded);
    }
  });

  it("writes sound that the client reads", () => {
    const audio = { data: "UklGRg==", mediaType: "audio/wav" };
    expect(client.decode(sent(server.encode({ ...facts, audio }, decoded)), target, request).audio).toEqual(
      audio,
    );
  });
});

describe.each(TRANSCRIBE)("the server of %s after its client: transcripts", (_, client, server) => {
  it.each(REQUESTS)("reads what was written: $audio", (request) => {
    const http = received(client.encode(request, target).http);
    expect(server.matches(http)).toBe(true);
    expect(server.decode(http)).toMatchObject({ ...request, audio: { ...request.audio } });
  });

  it("writes a transcript that the client reads", () => {
    const words = [spoken("Hello", 0), spoken("there", 0.5)];
    const request: TranscribeRequest = { audio: { url: "https://example.com/a.mp3" }, timestamps: ["word"] };
    const reply = server.encode({ ...facts, text: "Hello there", language: "en", words }, request);
    expect(client.decode(sent(reply), target, request)).toMatchObject({
      text: "Hello there",
      language: "en",
      words,
    });
  });

  it("writes errors that the client classifies", () => {
    const error = new AiLibError({ code: "RATE_LIMIT", message: "Slow down" });
    const reply = server.error?.(error) ?? sent({ status: 0, headers: {}, body: "" });
    expect(decodeError(reply, target)).toMatchObject({ code: "RATE_LIMIT", status: 429 });
  });
});
