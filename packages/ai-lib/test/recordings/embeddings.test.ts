import { describe, expect, it } from "vitest";
import type { KindApi } from "../../src/apis/index.js";
import type { DialectId, ServerHalf } from "../../src/core/contract/dialect.js";
import type { HttpRequest } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { EmbedRequest, EmbedResponse } from "../../src/core/values/embedding.js";
import { server as cohere } from "../../src/dialects/cohere-chat/server/index.js";
import { server as gemini } from "../../src/dialects/gemini/server/index.js";
import { server as ollama } from "../../src/dialects/ollama-chat/server/index.js";
import { server as openai } from "../../src/dialects/openai-chat/server/index.js";
import { AiClient, defineProvider } from "../../src/index.js";
import { hasRecordings, type KindCase, type KindExpected, kindCases } from "../support/kind-recordings.js";
import { memoryTransport } from "../support/memory-transport.js";

/** What an API's exchanges are replayed through: a dialect, its server half for the requests, and an API of its own. */
interface Replayed {
  readonly dialect: DialectId;
  readonly half: ServerHalf;
  readonly api?: KindApi;
}

const APIS: Readonly<Record<string, Replayed>> = {
  "openai-embeddings": { dialect: "openai-chat", half: openai },
  "gemini-embed": { dialect: "gemini", half: gemini },
  "gemini-batch-embed": { dialect: "gemini", half: gemini },
  "cohere-embed-v2": { dialect: "cohere-chat", half: cohere },
  "cohere-embed-v1": { dialect: "cohere-chat", half: cohere },
  "ollama-embed": { dialect: "ollama-chat", half: ollama },
  "ollama-embeddings": { dialect: "ollama-chat", half: ollama },
  "bedrock-titan-embed": { dialect: "bedrock-converse", half: openai },
  "bedrock-cohere-embed": { dialect: "bedrock-converse", half: cohere },
  "bedrock-nova-embed": { dialect: "bedrock-converse", half: openai },
  "vertex-embed": { dialect: "gemini", half: gemini, api: "vertex-embeddings" },
  "voyage-embeddings": { dialect: "openai-chat", half: openai, api: "voyage-embeddings" },
  "perplexity-embeddings": { dialect: "openai-chat", half: openai, api: "perplexity-embeddings" },
  "hf-feature-extraction": { dialect: "openai-chat", half: openai, api: "hf-feature-extraction" },
};

/** Exchanges whose asserted fields are not met, with the reason. At most two. */
const DEVIATIONS: Readonly<Record<string, string>> = {};

/** What was asked, where the server half can read it; else as many texts as there are vectors. */
function requestOf({ recording, expected }: KindCase, half: ServerHalf): EmbedRequest {
  const { request } = recording;
  const http: HttpRequest = {
    method: "POST",
    path: request?.path ?? "",
    headers: {},
    body: JSON.stringify(request?.body),
  };
  try {
    const decoded = half.kinds?.embed?.decode(http);
    // One of the recorded requests asks for nothing, which is refused before it is sent.
    if (decoded?.inputs.every((input) => input !== "")) return decoded;
  } catch (error) {
    // Lists of tokens are another tokenizer's, and are not supported.
    if (!AiLibError.is(error)) throw error;
  }
  const count = typeof expected["count"] === "number" ? expected["count"] : 1;
  return { inputs: Array.from({ length: count }, (_, i) => `text ${i}`) };
}

async function replay(each: KindCase): Promise<EmbedResponse | AiLibError<"embed">> {
  const { recording } = each;
  const { dialect, half, api } = APIS[recording.api] as Replayed;
  const { status, headers, body = "" } = recording.response;
  const provider = defineProvider(
    {
      id: recording.label,
      dialect,
      baseUrl: "http://127.0.0.1:1",
      model: "m",
      kinds: { embed: { model: "m", ...(api === undefined ? {} : { api }) } },
    },
    { apiKey: "k", transport: memoryTransport({ status, headers, body: new TextEncoder().encode(body) }) },
  );
  try {
    return await new AiClient(provider).embed({ ...requestOf(each, half), model: recording.model ?? "m" });
  } catch (error) {
    if (AiLibError.is<"embed">(error)) return error;
    throw error;
  }
}

function check(expected: KindExpected, got: EmbedResponse | AiLibError<"embed">): void {
  if (got instanceof AiLibError) {
    expect([expected.outcome, got.message]).toEqual(["error", got.message]);
    const { status, class: code, classes } = expected.error ?? { status: null, class: null };
    // A request that is refused here never reaches the server.
    if (status !== null && !got.local) expect(got.status).toBe(status);
    if (code !== null) expect(got.code).toBe(code);
    if (classes !== undefined) expect(classes).toContain(got.code);
    return;
  }
  expect(expected.outcome).toBe("response");
  const { count, dimension, first3, usage, model } = expected as KindExpected & {
    readonly count: number | null;
    readonly dimension: number | null;
    readonly first3: readonly (readonly number[])[] | null;
    readonly usage: { readonly inputTokens?: number | null } | null;
    readonly model: string | null;
  };
  if (count !== null) expect(got.embeddings).toHaveLength(count);
  if (dimension !== null) expect(got.dimensions).toBe(dimension);
  first3?.forEach((numbers, i) => {
    numbers.forEach((number, j) => {
      const found = got.embeddings[i]?.[j] ?? Number.NaN;
      expect(Math.abs(found - number)).toBeLessThanOrEqual(Math.abs(number) * 1e-6);
    });
  });
  if (typeof usage?.inputTokens === "number") expect(got.usage.inputTokens).toBe(usage.inputTokens);
  if (model !== null) expect(got.model).toBe(model);
}

it("allows itself at most two deviations", () => {
  expect(Object.keys(DEVIATIONS).length).toBeLessThanOrEqual(2);
});

describe.each(Object.keys(APIS))("recorded exchanges of %s", (api) => {
  const cases = kindCases(api);
  it("are there where recordings are", () =>
    expect(cases.length > 0).toBe(hasRecordings || cases.length > 0));
  it.each(
    cases
      .filter(({ recording }) => !(recording.id in DEVIATIONS))
      .map((each) => [each.recording.id, each] as const),
  )("%s", async (_, each) => check(each.expected, await replay(each)));
});
