import { describe, expect, it } from "vitest";
import type { ClientHalf, ServerHalf } from "../../src/core/contract/dialect.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { client as anthropic } from "../../src/dialects/anthropic-messages/client/index.js";
import { server as anthropicServer } from "../../src/dialects/anthropic-messages/server/index.js";
import { client as bedrock } from "../../src/dialects/bedrock-converse/client/index.js";
import { server as bedrockServer } from "../../src/dialects/bedrock-converse/server/index.js";
import { client as cohere } from "../../src/dialects/cohere-chat/client/index.js";
import { client as gemini } from "../../src/dialects/gemini/client/index.js";
import { server as geminiServer } from "../../src/dialects/gemini/server/index.js";
import { client as mistral } from "../../src/dialects/mistral-chat/client/index.js";
import { server as mistralServer } from "../../src/dialects/mistral-chat/server/index.js";
import { client as ollama } from "../../src/dialects/ollama-chat/client/index.js";
import { client as chat } from "../../src/dialects/openai-chat/client/index.js";
import { server as chatServer } from "../../src/dialects/openai-chat/server/index.js";
import { client as responses } from "../../src/dialects/openai-responses/client/index.js";
import { server as responsesServer } from "../../src/dialects/openai-responses/server/index.js";
import { provider } from "../../src/index.js";
import { relay, serverHalves, serveWeb } from "../../src/serve/index.js";

const CLIENTS: readonly ClientHalf[] = [anthropic, bedrock, cohere, gemini, mistral, ollama, chat, responses];
const TARGET = { provider: "labs", model: "m", quirks: {}, now: 0 };

function decoded(server: ServerHalf, path: string, body: object) {
  return server.decode({ method: "POST", path, headers: {}, body: JSON.stringify(body) });
}

function refusalOf(run: () => unknown): AiLibError {
  try {
    run();
  } catch (error) {
    if (error instanceof AiLibError) return error;
    throw error;
  }
  throw new Error("accepted");
}

const MESSAGES = { model: "m", messages: [{ role: "user", content: "x" }] };
const CONTENTS = { contents: [{ role: "user", parts: [{ text: "x" }] }] };
const GEMINI = "/v1beta/models/m:generateContent";

describe("Input that a vendor stores", () => {
  it.each([
    ["conversation", responsesServer, "/v1/responses", { model: "m", input: "x", conversation: "conv_1" }],
    ["conversation", responsesServer, "/v1/responses", { model: "m", conversation: { id: "conv_1" } }],
    ["prompt", responsesServer, "/v1/responses", { model: "m", input: "x", prompt: { id: "pmpt_1" } }],
    ["cachedContent", geminiServer, GEMINI, { ...CONTENTS, cachedContent: "cachedContents/1" }],
    [
      "promptVariables",
      bedrockServer,
      "/model/arn/converse",
      { messages: [{ role: "user", content: [{ text: "x" }] }], promptVariables: { a: { text: "x" } } },
    ],
  ] as const)("%s is refused by other dialects and sent to its own", (field, server, path, body) => {
    const { request } = decoded(server, path, body);
    for (const client of CLIENTS) {
      if (client.id === server.id)
        expect(String(client.encode(request, "unary", TARGET).http.body)).toContain(field);
      else
        expect(refusalOf(() => client.encode(request, "unary", TARGET))).toMatchObject({
          code: "UNSUPPORTED_FEATURE",
          message: expect.stringContaining(field),
        });
    }
  });
});

describe("Tools that a vendor runs, named beside `tools`", () => {
  it.each([
    [
      "mcp_servers",
      anthropicServer,
      "/v1/messages",
      { ...MESSAGES, max_tokens: 9, mcp_servers: [{ name: "a" }] },
    ],
    ["web_search_options", chatServer, "/v1/chat/completions", { ...MESSAGES, web_search_options: {} }],
  ] as const)("%s: other dialects warn", (field, server, path, body) => {
    const { request } = decoded(server, path, body);
    for (const client of CLIENTS) {
      const warnings = client
        .encode(request, "unary", TARGET)
        .warnings.map((one) => `${one.code} ${one.field}`);
      const expected = `unsupported extensions.${server.id}.${field}`;
      if (client.id === server.id) expect(warnings).not.toContain(expected);
      else expect(warnings).toContain(expected);
    }
  });
});

describe("Several answers of one request", () => {
  const config = (candidateCount: unknown) => ({ ...CONTENTS, generationConfig: { candidateCount } });
  const TABLE = [
    ["n", chatServer, "/v1/chat/completions", (n: unknown) => ({ ...MESSAGES, n })],
    ["n", mistralServer, "/v1/chat/completions", (n: unknown) => ({ ...MESSAGES, n })],
    ["generationConfig.candidateCount", geminiServer, GEMINI, config],
    [
      "generationConfig.candidateCount",
      geminiServer,
      GEMINI,
      (count: unknown) => ({ ...CONTENTS, generation_config: { candidate_count: count } }),
    ],
  ] as const;

  it.each(TABLE)("%s: refused by the field's name (%#)", (field, server, path, body) => {
    for (const count of [0, 2, 1.5, -1, "2", true, [1]]) {
      const error = refusalOf(() => decoded(server, path, body(count)));
      expect(error).toMatchObject({ code: "INVALID_REQUEST", issues: [{ path: field.split(".") }] });
      const reply = server.error(error);
      expect(reply.status).toBe(400);
      expect(String(reply.body)).toContain(`\`${field}\` must be 1`);
    }
    for (const count of [undefined, null, 1]) decoded(server, path, body(count));
  });

  it("is an error about the parameter to OpenAI's clients", () => {
    const [[, server, path, body]] = TABLE;
    const reply = server.error(refusalOf(() => decoded(server, path, body(3))));
    expect(JSON.parse(String(reply.body)).error).toMatchObject({
      type: "invalid_request_error",
      param: "n",
      code: "invalid_value",
    });
  });
});

describe("A field that the provider of a server refuses", () => {
  const key = { "content-type": "application/json", "anthropic-version": "2023-06-01" };
  const thread = { type: "continue", previous_message_id: "msg_1" };
  it.each([
    [
      "openai-responses",
      "/v1/responses",
      { model: "m", input: "x", previous_response_id: "resp_1" },
      "previous_response_id",
    ],
    ["openai-responses", "/v1/responses", { model: "m", input: "x", conversation: "conv_1" }, "conversation"],
    ["anthropic-messages", "/v1/messages", { ...MESSAGES, max_tokens: 9, thread }, "thread"],
    ["gemini", GEMINI, { ...CONTENTS, cachedContent: "cachedContents/1" }, "cachedContent"],
  ] as const)("has the name that a client of %s at %s has for it: %j", async (id, path, body, field) => {
    const answer = serveWeb({
      halves: await serverHalves([id]),
      handle: (call) => relay(call, provider("mistral", { apiKey: "k" })),
    });
    const init = { method: "POST", headers: key, body: JSON.stringify(body) };
    const response = await answer(new Request(`http://house.example${path}`, init));
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(text).toContain(`\`${field}\``);
    expect(text).not.toMatch(/continues|extensions/);
    if (id === "openai-responses") expect(JSON.parse(text).error.param).toBe(field);
  });
});
