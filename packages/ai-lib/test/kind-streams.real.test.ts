import { Mistral } from "@mistralai/mistralai";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DialectId } from "../src/core/contract/dialect.js";
import type { Kind } from "../src/core/values/kinds.js";
import { AiClient, AiLibError, defineChatProvider, defineProvider, failover } from "../src/index.js";
import { type Simulator, scripted, startSimulator } from "../src/testing/index.js";
import { serveHttp } from "./support/loopback.js";

const SOUND = { data: "UklGRg==", mediaType: "audio/wav" };

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const endpoint = (baseUrl: string, model: string, kind: Kind, dialect: DialectId = "openai-chat") =>
  defineProvider({ id: "labs", dialect, baseUrl, kinds: { [kind]: { model } } }, { apiKey: "k" });

async function typesOf(stream: AsyncIterable<{ readonly type: string }>): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of stream) types.push(type);
  return types;
}

async function errorOf(answer: Promise<unknown>): Promise<AiLibError> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (AiLibError.is(error)) return error;
  throw new Error("nothing failed");
}

describe("speech as a stream", () => {
  it.each([
    ["bytes", "tts-1"],
    ["events", "gpt-4o-mini-tts"],
  ])("comes in pieces that make the whole, as %s", async (_, model) => {
    const provider = endpoint(`${simulator.baseUrl("openai")}/v1`, model, "speak");
    const stream = new AiClient(provider).streamSpeech({ text: "Hello" });
    const pieces: Uint8Array[] = [];
    for await (const piece of stream.audio) pieces.push(piece);
    const { audio, usage } = await stream.response();
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).toString("base64")).toBe(
      audio.data.replace(/=*$/, "") + audio.data.match(/=*$/)?.[0],
    );
    expect(audio).toEqual((await provider.speak({ text: "Hello" })).audio);
    expect(usage.units).toEqual({ characters: 5 });
  });

  it("is replayed of a provider that answers whole", async () => {
    const provider = scripted({ name: "any", kinds: ["speak"], replies: [{}] });
    expect(await typesOf(provider.streamSpeech({ text: "Hello" }))).toEqual([
      "start",
      "audio-delta",
      "finish",
    ]);
  });

  it("fails over before the first byte and fails after it, with what came", async () => {
    const server = await serveHttp((_, reply) => {
      reply.writeHead(200, { "content-type": "audio/mpeg", "content-length": "1000" });
      reply.write(Buffer.from("half"), () => setTimeout(() => reply.destroy(), 20));
    });
    const cut = endpoint(server.url, "tts-1", "speak");
    const error = await errorOf(cut.streamSpeech({ text: "Hello" }).response());
    expect(error).toMatchObject({ code: "STREAM_TRUNCATED", committed: true });
    expect(error.partial).toMatchObject({ audio: { data: Buffer.from("half").toString("base64") } });
    const refusing = await serveHttp((_, reply) => {
      reply.writeHead(503, { "content-type": "application/json" });
      reply.end('{"error":{"message":"busy"}}');
    });
    const busy = endpoint(refusing.url, "tts-1", "speak");
    const other = scripted({ name: "other", kinds: ["speak"], replies: [{}] });
    const stream = failover([busy, other]).streamSpeech({ text: "Hello" });
    expect((await stream.response()).provider).toBe("other");
  });

  it("is the generator of a provider of your own, whole and as a stream", async () => {
    const own = defineChatProvider({
      name: "own",
      kinds: {
        async *speak({ text }) {
          for (const character of text)
            yield {
              type: "audio-delta",
              data: Buffer.from(character).toString("base64"),
              mediaType: "audio/x",
            };
          return { model: "voice" };
        },
      },
    });
    const stream = own.streamSpeech({ text: "abc" });
    expect(await typesOf(stream)).toEqual(["start", "audio-delta", "audio-delta", "audio-delta", "finish"]);
    const { audio, model } = await own.speak({ text: "abc" });
    expect([Buffer.from(audio.data, "base64").toString(), audio.mediaType, model]).toEqual([
      "abc",
      "audio/x",
      "voice",
    ]);
  });
});

describe("transcripts as a stream", () => {
  const provider = () => endpoint(`${simulator.baseUrl("openai")}/v1`, "gpt-4o-transcribe", "transcribe");

  it("come in pieces of text", async () => {
    const stream = new AiClient(provider()).streamTranscript({ audio: SOUND });
    const pieces: string[] = [];
    for await (const piece of stream.text) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect((await stream.response()).text).toBe(pieces.join("").trim());
  });

  it("read Mistral's events", async () => {
    const at = `${simulator.baseUrl("mistral", "mistral-chat")}/v1`;
    const mistral = endpoint(at, "voxtral-mini-latest", "transcribe", "mistral-chat");
    const stream = mistral.streamTranscript({ audio: SOUND });
    expect(await typesOf(stream)).toContain("text-delta");
    expect((await stream.response()).language).toBe("en");
    const speech = endpoint(at, "voxtral-mini-tts-latest", "speak", "mistral-chat").streamSpeech({
      text: "Hello",
    });
    expect((await typesOf(speech)).filter((type) => type === "audio-delta").length).toBeGreaterThan(1);
  });

  it("end with the error that a frame brings", async () => {
    const server = await serveHttp((_, reply) => {
      reply.writeHead(200, { "content-type": "text/event-stream" });
      reply.write('data: {"type":"transcript.text.delta","delta":"One"}\n\n');
      reply.end('data: {"error":{"message":"The server had an error","type":"server_error"}}\n\n');
    });
    const broken = endpoint(server.url, "gpt-4o-transcribe", "transcribe");
    const error = await errorOf(broken.streamTranscript({ audio: SOUND }).response());
    expect(error).toMatchObject({ code: "PROVIDER_ERROR", committed: true, partial: { text: "One" } });
    const short = await serveHttp((_, reply) => {
      reply.writeHead(200, { "content-type": "text/event-stream" });
      reply.end('data: {"type":"transcript.text.delta","delta":"One"}\n\n');
    });
    const cut = endpoint(short.url, "gpt-4o-transcribe", "transcribe");
    expect((await errorOf(cut.streamTranscript({ audio: SOUND }).response())).code).toBe("STREAM_TRUNCATED");
  });
});

describe("pictures as a stream", () => {
  it("come after those that are not ready yet", async () => {
    const partial = {
      type: "image_generation.partial_image",
      b64_json: "iVBORw0KGgo=",
      partial_image_index: 0,
    };
    const ready = {
      type: "image_generation.completed",
      b64_json: "iVBORw0KGgoAAAA=",
      usage: { input_tokens: 5, output_tokens: 7, total_tokens: 12 },
    };
    let asked: unknown;
    const server = await serveHttp((request, reply) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        asked = JSON.parse(body);
        reply.writeHead(200, { "content-type": "text/event-stream" });
        for (const event of [partial, ready])
          reply.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
        reply.end();
      });
    });
    const provider = endpoint(server.url, "gpt-image-1", "image");
    const stream = provider.streamImage({ prompt: "A cat", partialImages: 1 });
    expect(await typesOf(stream)).toEqual(["start", "partial-image", "image", "finish"]);
    expect(asked).toMatchObject({ stream: true, partial_images: 1 });
    const { images, usage } = await stream.response();
    expect(images).toEqual([{ data: "iVBORw0KGgoAAAA=", mediaType: "image/png" }]);
    expect(usage).toMatchObject({ inputTokens: 5, outputTokens: 7 });
  });

  it("warn where unfinished ones were asked for and none can come", async () => {
    const whole = endpoint(`${simulator.baseUrl("openai")}/v1`, "gpt-image-1", "image");
    const { warnings } = await whole.image({ prompt: "A cat", partialImages: 2 });
    expect(warnings.map(({ field }) => field)).toEqual(["partialImages"]);
    const jobs = endpoint(`${simulator.baseUrl("openai")}/v1`, "dall-e-3", "image");
    const response = await jobs.streamImage({ prompt: "A cat", partialImages: 2 }).response();
    expect(response.warnings.map(({ message }) => message)).toEqual([
      '"partialImages" was left out: this model does not stream',
    ]);
  });
});

describe("the vendors' own clients read streams of the simulator", () => {
  it("openai", async () => {
    const openai = new OpenAI({ apiKey: "k", baseURL: `${simulator.baseUrl("openai")}/v1`, maxRetries: 0 });
    const speech = await openai.audio.speech.create({ model: "tts-1", voice: "nova", input: "Hello" });
    expect(speech.headers.get("content-type")).toBe("audio/mpeg");
    const events = await openai.audio.speech.create({
      model: "gpt-4o-mini-tts",
      voice: "nova",
      input: "Hello",
      stream_format: "sse",
    });
    expect(await events.text()).toContain('"type":"speech.audio.done"');
    const file = await toFile(new Uint8Array([82, 73, 70, 70]), "a.wav", { type: "audio/wav" });
    const transcript = await openai.audio.transcriptions.create({
      file,
      model: "gpt-4o-transcribe",
      stream: true,
    });
    const types = await typesOf(transcript);
    expect([types[0], types.at(-1)]).toEqual(["transcript.text.delta", "transcript.text.done"]);
    const made = await openai.images.generate({ model: "gpt-image-1", prompt: "A cat", stream: true });
    expect(await typesOf(made)).toEqual(["image_generation.completed"]);
  });

  it("@mistralai/mistralai", async () => {
    const mistral = new Mistral({
      apiKey: "k",
      serverURL: simulator.baseUrl("mistral", "mistral-chat"),
      retryConfig: { strategy: "none" },
    });
    const spoken = await mistral.audio.speech.complete({ model: "m", input: "Hello", stream: true });
    const events: string[] = [];
    for await (const { data } of spoken as AsyncIterable<{ data: { type: string } }>) events.push(data.type);
    expect(events.at(-1)).toBe("speech.audio.done");
    const transcript = await mistral.audio.transcriptions.stream({
      model: "m",
      fileUrl: "https://example.com/a.mp3",
    });
    const types: string[] = [];
    for await (const { data } of transcript) types.push((data as { type: string }).type);
    expect([types[0], types.at(-1)]).toEqual(["transcription.text.delta", "transcription.done"]);
  });
});
