import { describe, expect, it } from "vitest";
import type { DialectId } from "../../src/core/contract/dialect.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { buildResponse } from "../../src/core/kinds/chat/response.js";
import { defineChatProvider } from "../../src/index.js";
import { dialectClient } from "../../src/providers/endpoint/dialects.js";
import { relay, serverHalves, serveWeb } from "../../src/serve/index.js";
import { scripted } from "../../src/testing/index.js";

const DIALECTS: readonly DialectId[] = [
  "openai-chat",
  "openai-responses",
  "anthropic-messages",
  "gemini",
  "mistral-chat",
  "cohere-chat",
  "bedrock-converse",
  "ollama-chat",
];

const target = { provider: "labs", model: "m", quirks: {}, now: 0 };

/** Headers by which a vendor's own client is known, where paths alone do not tell. */
const CLIENTS: Readonly<Partial<Record<DialectId, Readonly<Record<string, string>>>>> = {
  "anthropic-messages": { "anthropic-version": "2023-06-01", "x-api-key": "k" },
  gemini: { "x-goog-api-key": "k" },
  "cohere-chat": {
    authorization: "Bearer k",
    "x-fern-language": "JavaScript",
    "x-fern-sdk-name": "cohere-ai",
  },
};

/** Where the lists of each vendor are, below one server. */
const PREFIXES: Readonly<Partial<Record<DialectId, string>>> = {
  "openai-chat": "/v1",
  "openai-responses": "/v1",
  "mistral-chat": "/v1",
  gemini: "/v1beta",
  "cohere-chat": "/v2",
};

describe("one server for the clients of every vendor", () => {
  it.each(DIALECTS)("lists its models for a client of %s in the shape that it reads", async (id) => {
    const client = await dialectClient(id);
    if (client.models === undefined) {
      expect(id).toBe("bedrock-converse");
      return;
    }
    const answer = serveWeb({
      halves: await serverHalves(),
      models: () => [{ id: "one", provider: "house" }],
      handle() {
        throw new Error("a list is no call");
      },
    });
    const { method, path, query = {}, headers } = client.models.encode(target);
    const url = new URL(`http://house.example${PREFIXES[id] ?? ""}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const response = await answer(new Request(url, { method, headers: { ...headers, ...CLIENTS[id] } }));
    const reply = { status: response.status, headers: {}, body: await response.text() };
    expect(reply.status).toBe(200);
    expect(client.models.decode(reply, target).map((model) => model.id)).toEqual(["one"]);
  });
});

/** Where each vendor shows one model; Bedrock does so elsewhere. */
const ONE_MODEL: Readonly<Partial<Record<DialectId, string>>> = {
  "openai-chat": "/v1/models/one",
  "openai-responses": "/v1/models/one",
  "anthropic-messages": "/v1/models/one",
  gemini: "/v1beta/models/one",
  "mistral-chat": "/v1/models/one",
  "cohere-chat": "/v1/models/one",
  "ollama-chat": "/api/show",
};

/** The fields by which clients of each vendor know a model. */
const SHOWN: Readonly<Partial<Record<DialectId, object>>> = {
  "openai-chat": { id: "one", object: "model" },
  "openai-responses": { id: "one", object: "model" },
  "anthropic-messages": { id: "one", type: "model" },
  gemini: { name: "models/one" },
  "mistral-chat": { id: "one", object: "model", capabilities: { completion_chat: true } },
  "cohere-chat": { name: "one", endpoints: ["chat"] },
  "ollama-chat": { capabilities: ["completion"] },
};

/** A server of one dialect with one model, as one answers a client of it. */
async function ask(id: DialectId, path: string, init: RequestInit = {}) {
  const answer = serveWeb({
    halves: await serverHalves([id]),
    models: () => [{ id: "one", provider: "house" }],
    handle() {
      throw new Error("nothing here is a call");
    },
  });
  const headers = { "content-type": "application/json", ...CLIENTS[id] };
  const response = await answer(new Request(`http://house.example${path}`, { headers, ...init }));
  return { status: response.status, headers: {}, body: await response.text() };
}

describe("one model", () => {
  const asked = (id: DialectId, model: string): [string, RequestInit] =>
    id === "ollama-chat"
      ? ["/api/show", { method: "POST", body: JSON.stringify({ model }) }]
      : [String(ONE_MODEL[id]).replace("one", model), {}];
  const dialects = Object.keys(ONE_MODEL) as DialectId[];

  it.each(dialects)("is shown to a client of %s", async (id) => {
    const reply = await ask(id, ...asked(id, "one"));
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject(SHOWN[id] ?? {});
  });

  it.each(dialects)("that does not exist is an error for a client of %s", async (id) => {
    const reply = await ask(id, ...asked(id, "absent"));
    expect((await dialectClient(id)).error(reply, target).code).toBe("MODEL_NOT_FOUND");
  });
});

/** The status and the word for an unknown path, in the body or in the headers of each vendor. */
const UNSERVED: Readonly<Record<DialectId, object>> = {
  "openai-chat": { error: { type: "invalid_request_error", code: "unknown_url" } },
  "openai-responses": { error: { type: "invalid_request_error", code: "unknown_url" } },
  "anthropic-messages": { type: "error", error: { type: "not_found_error" } },
  gemini: { error: { code: 404, status: "NOT_FOUND" } },
  "mistral-chat": { type: "not_found", raw_status_code: 404 },
  "cohere-chat": { message: "Nothing is served at POST /v9/unknown" },
  "bedrock-converse": { message: "Nothing is served at POST /v9/unknown" },
  "ollama-chat": { error: "Nothing is served at POST /v9/unknown" },
};

describe("a path that is not served", () => {
  it.each(DIALECTS)("is refused in the words of %s", async (id) => {
    const reply = await ask(id, "/v9/unknown", { method: "POST", body: "{}" });
    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.body)).toMatchObject(UNSERVED[id]);
  });

  it.each(DIALECTS)("has the status of the refusal in the body of %s, too", async (id) => {
    const reply = await ask(id, "/v9/unknown", { method: "PATCH", body: "{}" });
    expect(reply.status).toBe(405);
    const { raw_status_code, error } = JSON.parse(reply.body);
    expect(raw_status_code ?? error?.code ?? 405).toSatisfy(
      (code: unknown) => typeof code === "string" || code === 405,
    );
    expect((await dialectClient(id)).error(reply, target).code).toBe("INVALID_REQUEST");
  });
});

/** The words by which clients of each vendor know that a prompt is too long. */
const TOO_LONG: Readonly<Record<DialectId, string>> = {
  "openai-chat": "This model's maximum context length is exceeded",
  "openai-responses": "This model's maximum context length is exceeded",
  "anthropic-messages": "prompt is too long",
  gemini: "The input token count exceeds the maximum number of tokens allowed",
  "mistral-chat": "The prompt is too large for the model's maximum context length",
  "cohere-chat": "too many tokens",
  "bedrock-converse": "Input is too long for requested model",
  "ollama-chat": "the input length exceeds the context length",
};

describe("a prompt that is too long", () => {
  it.each(DIALECTS)("is said in the words of %s, once", async (id) => {
    const [server] = await serverHalves([id]);
    const words = TOO_LONG[id];
    for (const message of ["260000 tokens > 200000", `So ${words}: 3`]) {
      const reply = server?.error(new AiLibError({ code: "CONTEXT_TOO_LONG", message }));
      expect(String(reply?.body).split(words)).toHaveLength(2);
      expect(String(reply?.body)).toContain(message);
    }
    const other = server?.error(new AiLibError({ code: "INVALID_REQUEST", message: "No" }));
    expect(String(other?.body)).not.toContain(words);
  });
});

describe("a server whose own key is refused", () => {
  it.each(DIALECTS)("says so with one status to a client of %s", async (id) => {
    const upstream = scripted({
      name: "up",
      replies: [{ error: { code: "AUTH_FAILED", message: "Bad key", local: false } }],
    });
    const [half] = await serverHalves([id]);
    const answer = serveWeb({
      halves: half === undefined ? [] : [half],
      route: ({ path }) => ({ path, half }),
      handle: (call) => relay(call, upstream),
    });
    const turn = { role: "user", content: "x", parts: [{ text: "x" }] };
    const content = id === "bedrock-converse" ? [{ text: "x" }] : "x";
    const body = { model: "m", input: "x", max_tokens: 9, messages: [{ role: "user", content }] };
    const init = { method: "POST", body: JSON.stringify({ ...body, contents: [turn], stream: false }) };
    const response = await answer(new Request("http://house.example/v1beta/models/m:generateContent", init));
    expect(response.status).toBe(502);
    const { error, raw_status_code: raw } = JSON.parse(await response.text());
    expect([raw ?? 502, typeof error?.code === "number" ? error.code : 502]).toEqual([502, 502]);
  });
});

describe("an answer that took several passes", () => {
  it.each(DIALECTS)("has the tokens of all of them for a client of %s", async (id) => {
    const client = await dialectClient(id);
    const [server] = await serverHalves([id]);
    const pass = { inputTokens: 10, outputTokens: 4 };
    const usage = {
      inputTokens: 30,
      outputTokens: 8,
      passes: [
        { type: "compaction", inputTokens: 20, outputTokens: 4 },
        { type: "message", ...pass },
      ],
    };
    const own = defineChatProvider({ name: "own", chat: () => ({ text: "Hello", usage }) });
    const answered = await own.chat({ messages: [{ role: "user", content: "Hi" }] });
    const reply = server?.encode(answered, { id: "r", created: 0 });
    if (reply === undefined) throw new Error("no server half");
    const decoded = client.decode(reply, target);
    const frame = { ...target, id: "r", attempts: [], estimateInput: () => 1 };
    expect(buildResponse(decoded.content, decoded.facts, [], frame).usage).toMatchObject({
      inputTokens: 30,
      outputTokens: 8,
    });
  });
});
