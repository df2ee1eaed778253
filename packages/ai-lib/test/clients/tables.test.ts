import { describe, expect, it } from "vitest";
import type { DialectId } from "../../src/core/contract/dialect.js";
import { buildResponse } from "../../src/core/kinds/chat/fold.js";
import { defineChatProvider } from "../../src/index.js";
import { dialectClient } from "../../src/providers/endpoint/dialects.js";
import { serverHalves, serveWeb } from "../../src/serve/index.js";

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
