import { describe, expect, it } from "vitest";
import type { KindApi } from "../src/apis/index.js";
import type { DialectId } from "../src/core/contract/dialect.js";
import type { Kind } from "../src/core/values/kinds.js";
import { AiLibError, defineProvider, type ErrorCode } from "../src/index.js";
import { CATALOG } from "../src/providers/catalog.generated.js";
import type { DialectProvider } from "../src/providers/endpoint/provider.js";
import { type MemoryReply, memoryTransport } from "./support/memory-transport.js";

const SOUND = { data: "UklGRg==", mediaType: "audio/wav" };

type Unary = "embed" | "rerank" | "moderate" | "transcribe" | "speak" | "image" | "ocr" | "decide";

/** Every kind of call as a method of a provider. */
function ask(provider: DialectProvider, kind: Unary, request: object): Promise<unknown> {
  return (provider as unknown as Record<Unary, (request: object) => Promise<unknown>>)[kind](request);
}

async function errorOf(answer: Promise<unknown>): Promise<AiLibError> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (AiLibError.is(error)) return error;
  throw new Error("nothing was refused");
}

/** Requests that no model could answer, with the field that the error names. */
const REFUSED: Readonly<Record<Unary, readonly (readonly [what: string, request: object, says: RegExp])[]>> =
  {
    embed: [
      ["an empty list", { inputs: [] }, /`inputs` is empty/],
      ["an empty text", { inputs: ["a", ""] }, /`inputs\.1` is an empty text/],
      [
        "an unknown purpose",
        { inputs: ["a"], purpose: "search" },
        /`purpose` must be one of query, document/,
      ],
      ["an unknown format", { inputs: ["a"], format: "float64" }, /`format` must be one of/],
      [
        "no dimensions",
        { inputs: ["a"], dimensions: 0 },
        /`dimensions` must be a whole number of at least 1/,
      ],
    ],
    rerank: [
      ["an empty list", { query: "q", documents: [] }, /`documents` is empty/],
      ["an empty query", { query: "", documents: ["a"] }, /`query` must be a text/],
      [
        "a threshold for any model",
        { query: "q", documents: ["a"], minScore: 0.5 },
        /`minScore` needs `model`/,
      ],
    ],
    moderate: [
      ["an empty list", { inputs: [] }, /`inputs` is empty/],
      ["an unknown part", { inputs: [[{ type: "audio" }]] }, /`inputs\.0` must be a text/],
    ],
    transcribe: [
      ["no sound", { audio: {} }, /`audio` must have `data`/],
      ["an empty sound", { audio: { data: "", mediaType: "audio/wav" } }, /`audio\.data` is empty/],
      [
        "a file that is no sound",
        { audio: { data: "AAAA", mediaType: "application/pdf" } },
        /is no sound but application\/pdf/,
      ],
      [
        "times of what nobody tells",
        { audio: SOUND, timestamps: ["letter"] },
        /`timestamps\.0` must be one of segment, word/,
      ],
    ],
    speak: [
      ["an empty text", { text: "" }, /`text` must be a text/],
      ["an unknown format", { text: "a", format: "midi" }, /`format` must be one of mp3, wav/],
      ["an impossible speed", { text: "a", speed: 9 }, /`speed` must be more than 0/],
    ],
    image: [
      ["an empty prompt", { prompt: "" }, /`prompt` must be a text/],
      [
        "an unknown size",
        { prompt: "a", size: "large" },
        /`size` must be width and height, such as "1024x1024"/,
      ],
      ["an unknown shape", { prompt: "a", aspectRatio: "wide" }, /`aspectRatio` must be a shape/],
      ["a mask over nothing", { prompt: "a", mask: { data: "AAAA" } }, /`mask` needs a picture/],
      [
        "too many unfinished pictures",
        { prompt: "a", partialImages: 9 },
        /`partialImages` must be at most 3/,
      ],
    ],
    ocr: [
      ["no document", { document: {} }, /`document` must have `data`/],
      ["no pages", { document: { url: "https://x.example/a.pdf" }, pages: [] }, /`pages` must be a list/],
    ],
    decide: [
      ["no questions", { input: "a", questions: [] }, /`questions` is empty/],
      [
        "one option",
        { input: "a", questions: [{ type: "choice", name: "n", instructions: "i", options: ["x"] }] },
        /`questions\.0\.options` needs at least two/,
      ],
    ],
  };

/** Every API that serves a kind, each once, with a provider that has it. */
const SERVED = Object.values(CATALOG).flatMap((data) =>
  Object.entries(("kinds" in data ? data.kinds : undefined) ?? {}).map(
    ([kind, { api }]: [string, { api?: KindApi }]) => ({
      kind: kind as Kind,
      dialect: data.dialect as DialectId,
      api,
      name: api ?? `${data.dialect} ${kind}`,
    }),
  ),
);
const APIS = SERVED.filter(
  ({ kind, name }, i) =>
    kind in REFUSED && SERVED.findIndex((other) => other.name === name && other.kind === kind) === i,
);

/** A reply in JSON. */
const json = (status: number, body: object): MemoryReply => ({
  status,
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify(body)),
});

const NOT_REACHED = json(500, { error: "it was asked" });

function served(kind: Kind, dialect: DialectId, api: KindApi | undefined, reply: MemoryReply = NOT_REACHED) {
  return defineProvider(
    {
      id: "labs",
      dialect,
      baseUrl: "http://127.0.0.1:1",
      model: "m",
      kinds: { [kind]: { model: "m", ...(api === undefined ? {} : { api }) } },
    },
    { apiKey: "k", transport: memoryTransport(reply) },
  );
}

describe.each(APIS)("bad input for $name", ({ kind, dialect, api }) => {
  it.each(REFUSED[kind as Unary])(
    "%s is refused before anything is sent, and the error says what to do",
    async (_, request, says) => {
      const error = await errorOf(ask(served(kind, dialect, api), kind as Unary, request));
      expect(error.message).toMatch(says);
      expect(error).toMatchObject({ code: "INVALID_REQUEST", local: true });
    },
  );
});

it("covers every API of every kind", () => {
  expect(APIS.length).toBeGreaterThanOrEqual(40);
  expect(new Set(APIS.map(({ kind }) => kind))).toEqual(new Set(Object.keys(REFUSED)));
});

interface Refusal {
  readonly what: string;
  readonly kind: Unary;
  readonly dialect?: DialectId;
  readonly api?: KindApi;
  readonly request: object;
  readonly status: number;
  readonly body: object;
  readonly code: ErrorCode;
  readonly says: RegExp;
}

const LONG = { inputs: ["long"] };
const CUT = /cut the text/;
const VOICE = { text: "a", voice: "nobody" };
const OTHER_VOICE = /the voice "nobody" may be another vendor's.*leave `voice` out/;

/** How vendors refuse what only they can know, by the shapes of their errors. */
const VENDORS: readonly Refusal[] = [
  {
    what: "OpenAI: a text over the limit",
    kind: "embed",
    request: LONG,
    status: 400,
    body: {
      error: {
        message: "This model's maximum context length is 8192 tokens, however you requested 9001 tokens.",
        type: "invalid_request_error",
        param: null,
        code: null,
      },
    },
    code: "CONTEXT_TOO_LONG",
    says: CUT,
  },
  {
    what: "Gemini: a text over the limit",
    kind: "embed",
    dialect: "gemini",
    request: LONG,
    status: 400,
    body: {
      error: {
        code: 400,
        message: "The input token count (3000) exceeds the maximum number of tokens allowed (2048).",
        status: "INVALID_ARGUMENT",
      },
    },
    code: "CONTEXT_TOO_LONG",
    says: CUT,
  },
  {
    what: "Cohere: a text over the limit",
    kind: "embed",
    dialect: "cohere-chat",
    request: { ...LONG, purpose: "document" },
    status: 400,
    body: { id: "x", message: "too many tokens: total number of tokens in the prompt cannot exceed 128000" },
    code: "CONTEXT_TOO_LONG",
    says: CUT,
  },
  {
    what: "Mistral: a text over the limit",
    kind: "embed",
    dialect: "mistral-chat",
    request: LONG,
    status: 400,
    body: {
      object: "error",
      message: "Input id 0 has 9001 tokens, exceeding max 8192 tokens.",
      type: "invalid_request_prompt",
      code: "3210",
    },
    code: "CONTEXT_TOO_LONG",
    says: CUT,
  },
  {
    what: "Voyage: a text over the limit",
    kind: "embed",
    api: "voyage-embeddings",
    request: LONG,
    status: 400,
    body: {
      detail:
        "The example at index 0 in your batch has too many tokens and does not fit into the model's context window of 32000 tokens.",
    },
    code: "CONTEXT_TOO_LONG",
    says: CUT,
  },
  {
    what: "Jina: a text over the limit",
    kind: "embed",
    api: "jina-embeddings",
    request: LONG,
    status: 400,
    body: { detail: "Input text exceeds maximum length of 8194 tokens, got 9001" },
    code: "CONTEXT_TOO_LONG",
    says: CUT,
  },
  {
    what: "Ollama: a text over the limit",
    kind: "embed",
    dialect: "ollama-chat",
    request: { ...LONG, truncate: "none" },
    status: 400,
    body: { error: "the input length exceeds the context length" },
    code: "CONTEXT_TOO_LONG",
    says: CUT,
  },
  {
    what: "Voyage: documents over the limit",
    kind: "rerank",
    api: "voyage-rerank",
    request: { query: "q", documents: ["a"] },
    status: 400,
    body: { detail: "The total number of tokens exceeds the model's context length of 32000." },
    code: "CONTEXT_TOO_LONG",
    says: /maxTokensPerDocument/,
  },
  {
    what: "OpenAI: a voice that does not exist",
    kind: "speak",
    request: VOICE,
    status: 400,
    body: {
      error: {
        message: "Invalid value: 'nobody'. Supported values are: 'alloy', 'ash', 'ballad' and 'coral'.",
        type: "invalid_request_error",
        param: "voice",
        code: "invalid_value",
      },
    },
    code: "INVALID_REQUEST",
    says: OTHER_VOICE,
  },
  {
    what: "ElevenLabs: a voice that does not exist",
    kind: "speak",
    api: "elevenlabs-speak",
    request: VOICE,
    status: 404,
    body: {
      detail: { status: "voice_not_found", message: "A voice with the voice_id nobody was not found." },
    },
    code: "INVALID_REQUEST",
    says: OTHER_VOICE,
  },
  {
    what: "Deepgram: a voice that does not exist",
    kind: "speak",
    api: "deepgram-speak",
    request: VOICE,
    status: 400,
    body: {
      err_code: "INVALID_QUERY_PARAMETER",
      err_msg: "No such voice/model found for the given query.",
      request_id: "x",
    },
    code: "INVALID_REQUEST",
    says: OTHER_VOICE,
  },
  {
    what: "Cartesia: a voice that does not exist",
    kind: "speak",
    api: "cartesia-speak",
    request: VOICE,
    status: 404,
    body: {
      title: "Voice not found",
      message: "The voice nobody was not found.",
      error_code: "voice_not_found",
    },
    code: "INVALID_REQUEST",
    says: OTHER_VOICE,
  },
  {
    what: "Mistral: a voice that does not exist",
    kind: "speak",
    dialect: "mistral-chat",
    request: VOICE,
    status: 404,
    body: { object: "error", message: "Voice nobody not found", type: "not_found", code: null },
    code: "INVALID_REQUEST",
    says: OTHER_VOICE,
  },
  {
    what: "Gemini: a voice that does not exist",
    kind: "speak",
    dialect: "gemini",
    request: VOICE,
    status: 400,
    body: {
      error: { code: 400, message: "Voice name nobody is not supported.", status: "INVALID_ARGUMENT" },
    },
    code: "INVALID_REQUEST",
    says: OTHER_VOICE,
  },
  {
    what: "OpenAI: a size that the model does not make",
    kind: "image",
    request: { prompt: "a", size: "10x10" },
    status: 400,
    body: {
      error: {
        message:
          "Invalid value: '10x10'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'.",
        type: "invalid_request_error",
        param: "size",
        code: "invalid_value",
      },
    },
    code: "INVALID_REQUEST",
    says: /"10x10".*`aspectRatio`/,
  },
  {
    what: "Black Forest Labs: a size that the model does not make",
    kind: "image",
    api: "bfl-images",
    request: { prompt: "a", size: "10x10" },
    status: 422,
    body: {
      detail: [
        {
          loc: ["body", "width"],
          msg: "ensure this value is greater than or equal to 64",
          type: "value_error",
        },
      ],
    },
    code: "INVALID_REQUEST",
    says: /"10x10".*`aspectRatio`/,
  },
  {
    what: "OpenAI: a file that is no sound",
    kind: "transcribe",
    request: { audio: SOUND },
    status: 400,
    body: {
      error: {
        message: "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'wav', 'webm']",
        type: "invalid_request_error",
        param: null,
        code: null,
      },
    },
    code: "INVALID_REQUEST",
    says: /must be a recording/,
  },
  {
    what: "Deepgram: a file that is no sound",
    kind: "transcribe",
    api: "deepgram-listen",
    request: { audio: SOUND },
    status: 400,
    body: {
      err_code: "Bad Request",
      err_msg: "Bad Request: failed to process audio: corrupt or unsupported data",
      request_id: "x",
    },
    code: "UNSUPPORTED_FEATURE",
    says: /corrupt or unsupported data.*must be a recording/,
  },
  {
    what: "ElevenLabs: a file that is no sound",
    kind: "transcribe",
    api: "elevenlabs-transcription",
    request: { audio: SOUND },
    status: 400,
    body: {
      detail: { status: "invalid_content", message: "The uploaded file has an invalid audio format." },
    },
    code: "INVALID_REQUEST",
    says: /must be a recording/,
  },
  {
    what: "AssemblyAI: a job about a file that is no sound",
    kind: "transcribe",
    api: "assemblyai-transcription",
    request: { audio: { url: "https://x.example/a.html" } },
    status: 200,
    body: {
      id: "t",
      status: "error",
      error: "File does not appear to contain audio. File type is text/html.",
    },
    code: "INVALID_REQUEST",
    says: /does not appear to contain audio/,
  },
];

describe("what only the vendor can know", () => {
  it.each(VENDORS)(
    "$what",
    async ({ kind, dialect = "openai-chat", api, request, status, body, code, says }) => {
      const provider = served(kind, dialect, api, json(status, body));
      const error = await errorOf(ask(provider, kind, request));
      expect(error.message).toMatch(says);
      expect(error).toMatchObject({ code, local: false });
    },
  );

  it("a purpose that Cohere requires is named, and a strict call refuses to choose one", async () => {
    const body = { id: "x", embeddings: { float: [[0.5]] } };
    const provider = served("embed", "cohere-chat", undefined, json(200, body));
    const { warnings } = await provider.embed({ inputs: ["a"] });
    expect(warnings[0]).toMatchObject({ code: "changed", field: "purpose" });
    const error = await errorOf(provider.embed({ inputs: ["a"] }, { strict: true }));
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
    expect(error.message).toMatch(/"document" was sent; name "query"/);
  });

  it("a threshold holds for the results of one model", async () => {
    const results = [
      { index: 1, relevance_score: 0.9 },
      { index: 0, relevance_score: 0.2 },
    ];
    const body = { id: "x", results };
    const provider = served("rerank", "cohere-chat", "cohere-rerank", json(200, body));
    const asked = { model: "m", query: "q", documents: ["a", "b"], minScore: 0.5 };
    const ranking = await provider.rerank(asked);
    expect(ranking.results.map(({ index }) => index)).toEqual([1]);
  });
});
