import { describe, expect, it } from "vitest";
import type { ClientHalf, KindCodec, ServerHalf, ServerKindCodec } from "../../src/core/contract/dialect.js";
import { provideChatChecks } from "../../src/core/kinds/chat/provide.js";
import type { Kind, ReplyOf, RequestOf, ResponseOf } from "../../src/core/values/kinds.js";
import { client as anthropic } from "../../src/dialects/anthropic-messages/client/index.js";
import { server as anthropicServer } from "../../src/dialects/anthropic-messages/server/index.js";
import { client as cohere } from "../../src/dialects/cohere-chat/client/index.js";
import { server as cohereServer } from "../../src/dialects/cohere-chat/server/index.js";
import { client as gemini } from "../../src/dialects/gemini/client/index.js";
import { server as geminiServer } from "../../src/dialects/gemini/server/index.js";
import { client as mistral } from "../../src/dialects/mistral-chat/client/index.js";
import { server as mistralServer } from "../../src/dialects/mistral-chat/server/index.js";
import { client as ollama } from "../../src/dialects/ollama-chat/client/index.js";
import { server as ollamaServer } from "../../src/dialects/ollama-chat/server/index.js";
import { client as openai } from "../../src/dialects/openai-chat/client/index.js";
import { server as openaiServer } from "../../src/dialects/openai-chat/server/index.js";
import { client as responses } from "../../src/dialects/openai-responses/client/index.js";
import { server as responsesServer } from "../../src/dialects/openai-responses/server/index.js";

provideChatChecks();

const HALVES: readonly (readonly [ClientHalf, ServerHalf])[] = [
  [openai, openaiServer],
  [responses, responsesServer],
  [anthropic, anthropicServer],
  [gemini, geminiServer],
  [mistral, mistralServer],
  [cohere, cohereServer],
  [ollama, ollamaServer],
];

const sound = { data: "UklGRg==", mediaType: "audio/wav", name: "a.wav" };
const png = { data: "iVBORw0KGgo=", mediaType: "image/png" };

/** The kinds of this library besides chat; other tests declare some of their own. */
type Own = Exclude<Kind, "chat" | "translate" | "reverse">;

/** Requests of each kind that between them set every field. */
const REQUESTS: { readonly [K in Own]: readonly RequestOf<K>[] } = {
  embed: [
    { inputs: ["a", "b"], purpose: "query", dimensions: 4, truncate: "end", user: "u" },
    { inputs: ["a"], format: "int8" },
  ],
  rerank: [{ query: "a", documents: ["a", "b", "c"], topN: 2, maxTokensPerDocument: 9, user: "u" }],
  moderate: [
    { inputs: ["a", "b"] },
    {
      inputs: [
        [
          { type: "text", text: "a" },
          { type: "image", ...png },
        ],
      ],
    },
  ],
  countTokens: [{ messages: [{ role: "user", content: "Hello" }] }],
  transcribe: [
    { audio: sound, language: "en", prompt: "Names" },
    { audio: sound, timestamps: ["segment", "word"] },
    { audio: sound, speakers: true },
    { audio: sound, translate: true },
    { audio: { url: "https://example.com/a.wav" } },
  ],
  speak: [
    { text: "Hello", voice: "v", format: "pcm", speed: 1.5, instructions: "Whisper", language: "en" },
    { text: "Hello", voice: "v", format: "pcm" },
  ],
  image: [
    {
      prompt: "A cat",
      n: 2,
      size: "1024x1024",
      quality: "low",
      background: "opaque",
      format: "webp",
      seed: 3,
      user: "u",
    },
    { prompt: "A cat", images: [png], mask: png },
    { prompt: "A cat", aspectRatio: "16:9" },
  ],
  ocr: [
    {
      document: { data: "JVBERg==", mediaType: "application/pdf", name: "a.pdf" },
      pages: [0, 2],
      pictures: true,
    },
    { document: { url: "https://example.com/a.pdf" } },
    { document: png },
  ],
  decide: [
    {
      input: [
        { type: "text", text: "A cat" },
        { type: "image", ...png },
      ],
      user: "u",
      questions: [
        { type: "boolean", name: "a", instructions: "It is a cat" },
        {
          type: "choice",
          name: "b",
          instructions: "Its colour",
          options: [{ value: "black", description: "or dark" }, { value: "red" }],
        },
        {
          type: "score",
          name: "c",
          instructions: "How big",
          levels: [{ value: "small" }, { value: "large" }],
        },
      ],
    },
  ],
};

/** What an API cannot say is told by a warning that names the field. Vendors' own words for a field may differ. */
const LOOSE: Readonly<Record<string, readonly string[]>> = {
  // A format of the answer's own, which becomes an extension, or none.
  transcribe: ["extensions", "timestamps", "audio"],
  countTokens: ["messages"],
  // Gemini cuts the end of a long text, whether or not it is asked to.
  embed: ["truncate"],
  // Instructions are part of the text at Gemini; raw samples are the only format.
  speak: ["text", "instructions", "format", "extensions"],
};

const rows = HALVES.flatMap(([client, server]) =>
  Object.keys(client.kinds ?? {})
    .filter((kind) => server.kinds?.[kind as keyof typeof server.kinds] !== undefined)
    .map((kind) => [client.id, kind as Own, client, server] as const),
);

/** The parts of a reply that every API carries. */
function essence(kind: string, reply: ReplyOf): unknown {
  const { embeddings, results, verdicts, inputTokens, text, audio, images, pages, decisions } =
    reply as unknown as {
      readonly [field: string]: unknown;
    };
  const sounds = (audio as { data: string } | undefined)?.data;
  return { kind, embeddings, results, verdicts, inputTokens, text, sounds, images, pages, decisions };
}

describe.each(rows)("%s %s", (_id, kind, client, server) => {
  const codec = client.kinds?.[kind] as KindCodec<Kind>;
  const half = server.kinds?.[kind] as ServerKindCodec<Kind>;
  const target = {
    provider: "p",
    model: kind === "image" && client.id === "gemini" ? "imagen-4" : "m",
    quirks: {},
    now: 0,
  };

  it.each(REQUESTS[kind].map((request) => [request] as const))("is read as it was asked: %j", (asked) => {
    let encoded: ReturnType<typeof codec.encode>;
    try {
      encoded = codec.encode(asked, target);
    } catch (error) {
      expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
      return;
    }
    const { http, warnings } = encoded;
    const received = { ...http, path: http.path.replace(/^\/\.\./, "") };
    expect(half.matches(received) || half.claims?.(received) === true).toBe(true);
    const read = half.decode(received) as unknown as Record<string, unknown>;
    half.laws.validate(read as never);
    const lost = new Set([
      ...warnings.map(({ field = "" }) => field.split(".")[0] ?? ""),
      ...(LOOSE[kind] ?? []),
    ]);
    for (const [field, value] of Object.entries(asked))
      if (!lost.has(field)) expect([field, read[field]]).toEqual([field, value]);
    if (http.path !== "/audio/translations") expect(read["model"]).toBe(target.model);
  });

  it.each(REQUESTS[kind].map((request) => [request] as const))("answers as it was given: %j", (asked) => {
    const reply = half.laws.sample?.(asked) as ReplyOf;
    const response = half.laws.respond(reply, [], {
      provider: "p",
      model: "m",
      id: "x",
      attempts: [],
      estimateInput: () => 1,
    }) as ResponseOf;
    const http = half.encode(response, asked);
    const wire =
      http.bytes === undefined
        ? http
        : { ...http, body: Buffer.from(http.bytes).toString("base64"), encoding: "base64" as const };
    const back = codec.decode(wire, target, asked);
    expect(essence(kind, back)).toEqual(essence(kind, reply));
  });
});

it("covers every kind that a server half answers", () => {
  const served = HALVES.flatMap(([, { id, kinds = {} }]) =>
    Object.keys(kinds).map((kind) => `${id} ${kind}`),
  );
  expect(rows.map(([id, kind]) => `${id} ${kind}`)).toEqual(expect.arrayContaining(served));
});
