import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { Mistral } from "@mistralai/mistralai";
import { CohereClientV2 } from "cohere-ai";
import { Ollama } from "ollama";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../src/testing/index.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const vectors = (list: readonly (readonly number[] | undefined)[]) => list.map((vector) => vector?.length);

describe("the vendors' own clients ask the simulator for kinds besides chat", () => {
  it("openai", async () => {
    const openai = new OpenAI({ apiKey: "k", baseURL: `${simulator.baseUrl("openai")}/v1`, maxRetries: 0 });
    const { data } = await openai.embeddings.create({ model: "m", input: ["a", "b"] });
    expect(vectors(data.map(({ embedding }) => embedding))).toEqual([8, 8]);
    const { results } = await openai.moderations.create({ input: ["a", "b"] });
    expect(results.map(({ flagged }) => flagged)).toEqual([false, false]);
    const file = await toFile(new Uint8Array([82, 73, 70, 70]), "a.wav", { type: "audio/wav" });
    const transcript = await openai.audio.transcriptions.create({ file, model: "whisper-1", language: "en" });
    expect(transcript.text).toBe("This is a sample.");
    expect(simulator.at("openai", "transcribe")[0]?.request).toMatchObject({
      model: "whisper-1",
      language: "en",
      audio: { data: "UklGRg==", mediaType: "audio/wav", name: "a.wav" },
    });
    const subtitles = await openai.audio.transcriptions.create({
      file,
      model: "whisper-1",
      response_format: "srt",
    });
    expect(subtitles).toBe("1\n00:00:00,000 --> 00:00:01,000\nThis is a sample.\n");
    const translation = await openai.audio.translations.create({ file, model: "whisper-1" });
    expect(translation.text).toBe("This is a sample.");
    const speech = await openai.audio.speech.create({ model: "tts-1", voice: "nova", input: "Hello" });
    expect(speech.headers.get("content-type")).toBe("audio/mpeg");
    expect((await speech.arrayBuffer()).byteLength).toBeGreaterThan(10);
    const made = await openai.images.generate({ model: "gpt-image-1", prompt: "A cat", n: 2 });
    expect(made.data?.map(({ b64_json }) => b64_json?.startsWith("iVBORw0KGgo"))).toEqual([true, true]);
    const image = await toFile(new Uint8Array([137, 80, 78, 71]), "a.png", { type: "image/png" });
    const edited = await openai.images.edit({ model: "gpt-image-1", prompt: "A hat", image, mask: image });
    expect(edited.data).toHaveLength(1);
    expect(simulator.at("openai", "image")[1]?.request).toMatchObject({
      prompt: "A hat",
      images: [{ data: "iVBORw==", mediaType: "image/png" }],
      mask: { data: "iVBORw==" },
    });
    const count = await openai.responses.inputTokens.count({ model: "m", input: "Hello there" });
    expect(count.input_tokens).toBeGreaterThan(0);
  });

  it("@anthropic-ai/sdk", async () => {
    const anthropic = new Anthropic({ apiKey: "k", baseURL: simulator.baseUrl("anthropic"), maxRetries: 0 });
    const count = await anthropic.messages.countTokens({
      model: "m",
      system: "Be brief",
      messages: [{ role: "user", content: "Hello there" }],
    });
    expect(count.input_tokens).toBeGreaterThan(0);
  });

  it("@google/genai", async () => {
    const google = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: simulator.baseUrl("google") } });
    const { embeddings } = await google.models.embedContent({ model: "m", contents: ["a", "b"] });
    expect(vectors((embeddings ?? []).map(({ values }) => values))).toEqual([8, 8]);
    const { totalTokens } = await google.models.countTokens({ model: "m", contents: "Hello there" });
    expect(totalTokens).toBeGreaterThan(0);
    const spoken = await google.models.generateContent({
      model: "gemini-tts",
      contents: "Hello",
      config: {
        responseModalities: ["AUDIO"],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Kore" } } },
      },
    });
    const sound = spoken.candidates?.[0]?.content?.parts?.[0]?.inlineData;
    expect(sound?.mimeType).toContain("rate=");
    expect(sound?.data?.length).toBeGreaterThan(10);
    expect(simulator.at("google", "speak")[0]?.request).toMatchObject({ text: "Hello", voice: "Kore" });
    // Imagen is served by Vertex alone.
    const vertex = new GoogleGenAI({
      vertexai: true,
      apiKey: "k",
      httpOptions: { baseUrl: simulator.baseUrl("google") },
    });
    const made = await vertex.models.generateImages({
      model: "imagen-4",
      prompt: "A cat",
      config: { numberOfImages: 2, aspectRatio: "16:9" },
    });
    expect(made.generatedImages?.map(({ image }) => image?.mimeType)).toEqual(["image/png", "image/png"]);
    expect(simulator.at("google", "image")[0]?.request).toMatchObject({ n: 2, aspectRatio: "16:9" });
    // A chat with sound in it stays a chat.
    const chat = await google.models.generateContent({ model: "m", contents: "Say AUDIO" });
    expect(chat.text?.length).toBeGreaterThan(0);
  });

  it("cohere-ai", async () => {
    const cohere = new CohereClientV2({
      token: "k",
      environment: simulator.baseUrl("cohere", "cohere-chat"),
      maxRetries: 0,
    });
    const { embeddings } = await cohere.embed({
      model: "m",
      inputType: "search_query",
      texts: ["a", "b"],
      embeddingTypes: ["float"],
    });
    expect(vectors(embeddings.float ?? [])).toEqual([8, 8]);
    const { results } = await cohere.rerank({
      model: "m",
      query: "green tea",
      documents: ["coffee", "tea, green tea"],
      topN: 1,
    });
    expect(results.map(({ index }) => index)).toEqual([1]);
  });

  it("@mistralai/mistralai", async () => {
    const mistral = new Mistral({
      apiKey: "k",
      serverURL: simulator.baseUrl("mistral", "mistral-chat"),
      retryConfig: { strategy: "none" },
    });
    const { data } = await mistral.embeddings.create({ model: "m", inputs: ["a", "b"] });
    expect(vectors(data.map(({ embedding }) => embedding))).toEqual([8, 8]);
    const { results } = await mistral.classifiers.moderate({ model: "m", inputs: ["a"] });
    expect(results).toHaveLength(1);
    const spoken = await mistral.audio.speech.complete({ model: "m", input: "Hello", voiceId: "v" });
    expect("audioData" in spoken && spoken.audioData.length).toBeGreaterThan(10);
    expect(simulator.at("mistral", "speak")[0]?.request).toMatchObject({ text: "Hello", voice: "v" });
    const transcript = await mistral.audio.transcriptions.complete({
      model: "m",
      fileUrl: "https://example.com/a.mp3",
      diarize: true,
    });
    expect(transcript).toMatchObject({ text: "This is a sample.", language: "en" });
    expect(simulator.at("mistral", "transcribe")[0]?.request).toMatchObject({
      audio: { url: "https://example.com/a.mp3" },
      speakers: true,
    });
    const read = await mistral.ocr.process({
      model: "m",
      document: { type: "document_url", documentUrl: "https://example.com/a.pdf" },
      pages: [0, 1],
    });
    expect(read.pages.map(({ index }) => index)).toEqual([0, 1]);
    expect(read.usageInfo.pagesProcessed).toBe(2);
  });

  it("ollama", async () => {
    const ollama = new Ollama({ host: simulator.baseUrl("ollama") });
    const { embeddings } = await ollama.embed({ model: "m", input: ["a", "b"] });
    expect(vectors(embeddings)).toEqual([8, 8]);
  });
});
