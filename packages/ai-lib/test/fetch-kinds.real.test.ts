import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { Mistral } from "@mistralai/mistralai";
import { HTTPClient } from "@mistralai/mistralai/lib/http";
import { CohereClientV2 } from "cohere-ai";
import { Ollama } from "ollama";
import OpenAI, { toFile } from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { DialectId } from "../src/core/contract/dialect.js";
import { type ChatProvider, defineProvider, failover } from "../src/index.js";
import { aiFetch } from "../src/interop/fetch.js";
import { type Simulator, scripted, startSimulator } from "../src/testing/index.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const KINDS = ["embed", "transcribe", "speak", "image", "moderate", "countTokens"] as const;

/** A provider of the simulator, for every kind that its dialect has. */
function member(place: string, dialect: DialectId): ChatProvider {
  return defineProvider(
    {
      id: place,
      dialect,
      baseUrl: simulator.baseUrl(place, dialect),
      model: "any",
      kinds: Object.fromEntries(KINDS.map((kind) => [kind, { model: "any" }])),
    },
    { apiKey: "k", environment: {} },
  );
}

/** A chain whose first member refuses every call. */
function chain(place: string, dialect: DialectId): typeof globalThis.fetch {
  const down = scripted({
    name: "down",
    kinds: ["chat", ...KINDS],
    replies: () => ({ error: { code: "OVERLOADED", message: "busy" } }),
  });
  return aiFetch(failover([down, member(place, dialect)]), {
    model: () => undefined,
  }) as typeof globalThis.fetch;
}

const openAiOver = (fetch: typeof globalThis.fetch) =>
  new OpenAI({ apiKey: "k", baseURL: "https://vendor.example/v1", fetch, maxRetries: 0 });
const googleOver = (fetch: typeof globalThis.fetch, vertexai = false) =>
  new GoogleGenAI({ apiKey: "k", vertexai, httpOptions: { fetch } as never });
const anthropicOver = (fetch: typeof globalThis.fetch) =>
  new Anthropic({ apiKey: "k", maxRetries: 0, fetch });
const mistralOver = (fetch: typeof globalThis.fetch) =>
  new Mistral({
    apiKey: "k",
    retryConfig: { strategy: "none" },
    httpClient: new HTTPClient({ fetcher: fetch as never }),
  });
const cohereOver = (fetch: typeof globalThis.fetch) =>
  new CohereClientV2({ token: "k", environment: "https://vendor.example", maxRetries: 0, fetch });

describe("kinds besides chat over aiFetch, the first member down", () => {
  it("openai: embeddings as numbers and as base64", async () => {
    const openai = openAiOver(chain("kinds-embed", "gemini"));
    for (const encoding_format of [undefined, "float", "base64"] as const) {
      const { data } = await openai.embeddings.create({
        model: "m",
        input: ["a", "b"],
        ...(encoding_format && { encoding_format }),
      });
      expect(data.map(({ embedding }) => typeof embedding)).toEqual(
        Array(2).fill(encoding_format === "base64" ? "string" : "object"),
      );
      expect(data[0]?.embedding.length).toBeGreaterThan(0);
    }
  });

  it("openai: transcripts of an uploaded file, whole, as subtitles and streamed", async () => {
    const openai = openAiOver(chain("kinds-hear", "openai-chat"));
    const file = await toFile(new Uint8Array([82, 73, 70, 70]), "a.wav", { type: "audio/wav" });
    const transcript = await openai.audio.transcriptions.create({ file, model: "whisper-1", language: "en" });
    expect(transcript.text).toBe("This is a sample.");
    expect(simulator.at("kinds-hear", "transcribe")[0]?.request).toMatchObject({
      language: "en",
      audio: { data: "UklGRg==", mediaType: "audio/wav" },
    });
    const subtitles = await openai.audio.transcriptions.create({
      file,
      model: "whisper-1",
      response_format: "srt",
    });
    expect(subtitles).toContain("This is a sample.");
    let streamed = "";
    for await (const event of await openai.audio.transcriptions.create({
      file,
      model: "gpt-4o-transcribe",
      stream: true,
    }))
      if (event.type === "transcript.text.delta") streamed += event.delta;
    expect(streamed).toBe("This is a sample.");
  });

  it("openai: speech, pictures that are made and edited, moderation", async () => {
    const openai = openAiOver(chain("kinds-make", "openai-chat"));
    const speech = await openai.audio.speech.create({ model: "tts-1", voice: "nova", input: "Hello" });
    expect((await speech.arrayBuffer()).byteLength).toBeGreaterThan(10);
    const made = await openai.images.generate({ model: "gpt-image-1", prompt: "A cat", n: 2 });
    expect(made.data?.map(({ b64_json }) => b64_json?.startsWith("iVBORw0KGgo"))).toEqual([true, true]);
    const image = await toFile(new Uint8Array([137, 80, 78, 71]), "a.png", { type: "image/png" });
    const edited = await openai.images.edit({ model: "gpt-image-1", prompt: "A hat", image, mask: image });
    expect(edited.data).toHaveLength(1);
    expect(simulator.at("kinds-make", "image")[1]?.request).toMatchObject({
      prompt: "A hat",
      images: [{ data: "iVBORw==", mediaType: "image/png" }],
      mask: { data: "iVBORw==" },
    });
    const { results } = await openai.moderations.create({ input: ["a", "b"] });
    expect(results).toHaveLength(2);
  });

  it("@google/genai: embeddings, counts, speech and pictures", async () => {
    const fetch = chain("kinds-google", "openai-chat");
    const google = googleOver(fetch);
    const { embeddings } = await google.models.embedContent({ model: "m", contents: ["a", "b"] });
    expect(embeddings?.map(({ values }) => (values ?? []).length > 0)).toEqual([true, true]);
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
    expect(spoken.candidates?.[0]?.content?.parts?.[0]?.inlineData?.data?.length).toBeGreaterThan(10);
    // Imagen is served by Vertex alone.
    const made = await googleOver(fetch, true).models.generateImages({ model: "imagen-4", prompt: "A cat" });
    expect(made.generatedImages?.map(({ image }) => image?.mimeType)).toEqual(["image/png"]);
  });

  it("cohere-ai, @mistralai/mistralai and ollama: embeddings", async () => {
    const fetch = chain("kinds-more", "gemini");
    const found = await cohereOver(fetch).embed({
      model: "m",
      inputType: "search_query",
      texts: ["a", "b"],
      embeddingTypes: ["float"],
    });
    expect(found.embeddings.float).toHaveLength(2);
    expect(
      (await mistralOver(fetch).embeddings.create({ model: "m", inputs: ["a", "b"] })).data,
    ).toHaveLength(2);
    expect((await new Ollama({ fetch }).embed({ model: "m", input: ["a", "b"] })).embeddings).toHaveLength(2);
  });

  it("@google/genai and @anthropic-ai/sdk: pictures in a chat", async () => {
    const png = "iVBORw0KGgo=";
    await googleOver(chain("files-google", "anthropic-messages")).models.generateContent({
      model: "m",
      contents: [
        {
          role: "user",
          parts: [{ text: "What is it?" }, { inlineData: { mimeType: "image/png", data: png } }],
        },
      ],
    });
    expect(JSON.stringify(simulator.at("files-google")[0]?.request)).toContain(png);
    await anthropicOver(chain("files-claude", "openai-chat")).messages.create({
      model: "m",
      max_tokens: 100,
      messages: [
        {
          role: "user",
          content: [
            { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
            { type: "text", text: "What is it?" },
          ],
        },
      ],
    });
    expect(JSON.stringify(simulator.at("files-claude")[0]?.request)).toContain(png);
  });
});

describe("structured output over aiFetch, the first member down", () => {
  const City = z.object({ city: z.string() });
  const schema = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  };
  const city = { city: expect.any(String) };
  const messages = [{ role: "user" as const, content: "Capital?" }];

  it("openai", async () => {
    const openai = openAiOver(chain("object-openai", "gemini"));
    const completion = await openai.chat.completions.parse({
      model: "m",
      messages,
      response_format: zodResponseFormat(City, "place"),
    });
    expect(completion.choices[0]?.message.parsed).toEqual(city);
    const response = await openai.responses.parse({
      model: "m",
      input: "Capital?",
      text: { format: zodTextFormat(City, "place") },
    });
    expect(response.output_parsed).toEqual(city);
    for (const { request } of simulator.at("object-openai"))
      expect(request).toMatchObject({ responseFormat: { schema: { properties: { city: {} } } } });
  });

  it("@anthropic-ai/sdk", async () => {
    const { content } = await anthropicOver(chain("object-claude", "openai-chat")).messages.create({
      model: "m",
      max_tokens: 100,
      messages,
      output_config: { format: { type: "json_schema", schema } },
    });
    const [block] = content;
    expect(block?.type === "text" && JSON.parse(block.text)).toEqual(city);
  });

  it("@google/genai", async () => {
    const { text } = await googleOver(chain("object-google", "openai-chat")).models.generateContent({
      model: "m",
      contents: "Capital?",
      config: { responseMimeType: "application/json", responseJsonSchema: schema },
    });
    expect(JSON.parse(text ?? "")).toEqual(city);
  });

  it("@mistralai/mistralai", async () => {
    const { choices } = await mistralOver(chain("object-mistral", "gemini")).chat.complete({
      model: "m",
      messages,
      responseFormat: {
        type: "json_schema",
        jsonSchema: { name: "place", schemaDefinition: schema, strict: true },
      },
    });
    expect(JSON.parse(choices[0]?.message?.content as string)).toEqual(city);
  });

  it("cohere-ai", async () => {
    const { message } = await cohereOver(chain("object-cohere", "openai-chat")).chat({
      model: "m",
      messages,
      responseFormat: { type: "json_object", jsonSchema: schema },
    });
    const [part] = message.content ?? [];
    expect(part?.type === "text" && JSON.parse(part.text)).toEqual(city);
  });

  it("ollama", async () => {
    const answer = await new Ollama({ fetch: chain("object-ollama", "openai-chat") }).chat({
      model: "m",
      messages,
      format: schema,
    });
    expect(JSON.parse(answer.message.content)).toEqual(city);
  });
});
