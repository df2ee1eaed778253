import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AiLibError } from "../../core/errors/error.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import { buildResponse } from "../../core/kinds/chat/response.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import type { ErrorCode } from "../../core/values/error-code.js";
import type { ContentPart } from "../../core/values/message.js";
import { server } from "./server/index.js";

/** What the local server answers to the next request, and the request as it was read. */
let answer: ChatResponse | AiLibError;
let asked: ChatRequest | undefined;
let local: Server;
let sdk: Anthropic;

beforeAll(async () => {
  local = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const http = {
        method: request.method as "GET" | "POST",
        path: request.url ?? "",
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
      };
      if (server.models?.matches(http) === true) {
        const page = server.models.encode([{ id: "claude-x", provider: "anthropic", name: "Claude X" }]);
        response.writeHead(page.status, page.headers).end(page.body);
        return;
      }
      expect(server.matches(http)).toBe(true);
      const { request: read, mode } = server.decode(http);
      asked = read;
      if (mode === "unary" || (AiLibError.is(answer) && !answer.committed)) {
        const reply = AiLibError.is(answer)
          ? server.error(answer)
          : server.encode(answer, { id: "msg_1", created: 0 });
        response.writeHead(reply.status, reply.headers).end(reply.body);
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      const encoder = server.encoder(
        ({ event, data }) => response.write(`event: ${event}\ndata: ${data}\n\n`),
        { id: "msg_1", created: 0 },
      );
      if (AiLibError.is(answer)) {
        encoder.event({ type: "start", id: "msg_1", model: "claude-x" });
        encoder.fail(answer);
      } else {
        for (const event of replayEvents(answer.content, answer)) encoder.event(event);
        encoder.finish(answer);
      }
      response.end();
    });
  });
  await new Promise<void>((ready) => local.listen(0, "127.0.0.1", ready));
  const { port } = local.address() as AddressInfo;
  sdk = new Anthropic({ apiKey: "test", baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
});

afterAll(() => {
  local.close();
});

function reply(content: readonly ContentPart[]): ChatResponse {
  return buildResponse(
    content,
    {
      finishReason: "stop",
      usage: { inputTokens: 12, outputTokens: 5, cachedInputTokens: 2, cacheWriteInputTokens: 1 },
    },
    [],
    { provider: "anthropic", model: "claude-x", id: "msg_1", attempts: [], estimateInput: () => 0 },
  );
}

const params = {
  model: "claude-x",
  max_tokens: 100,
  messages: [{ role: "user" as const, content: "Hi" }],
};
const origin = (data: Record<string, string>) => ({ family: "anthropic", data });
const rich: ContentPart[] = [
  { type: "reasoning", text: "hm", origin: origin({ signature: "s" }) },
  { type: "reasoning", text: "", redacted: true, origin: origin({ data: "d" }) },
  { type: "text", text: "Hello 👋" },
  { type: "source", url: "https://example.com", title: "T", quote: "q", cites: { index: 2 } },
  { type: "tool-call", id: "toolu_1", name: "f", arguments: { a: [1, "ü"] } },
  { type: "tool-call", id: "toolu_2", name: "g", arguments: {} },
];

describe("the official SDK against the server half", () => {
  it("reads a whole reply, and its request is read", async () => {
    answer = reply(rich);
    const message = await sdk.messages.create({
      ...params,
      tools: [{ name: "f", input_schema: { type: "object" } }],
    });
    expect(asked).toMatchObject({ model: "claude-x", maxTokens: 100, tools: [{ name: "f" }] });
    expect(message).toMatchObject({ id: "msg_1", stop_reason: "tool_use", _request_id: "msg_1" });
    expect(message.content.map(({ type }) => type)).toEqual([
      "thinking",
      "redacted_thinking",
      "text",
      "tool_use",
      "tool_use",
    ]);
    expect(message.usage).toMatchObject({
      input_tokens: 9,
      cache_read_input_tokens: 2,
      cache_creation_input_tokens: 1,
      output_tokens: 5,
    });
  });

  it("accumulates a stream into the same message", async () => {
    answer = reply(rich);
    const whole = await sdk.messages.create(params);
    const streamed = await sdk.messages.stream(params).finalMessage();
    expect(streamed.content).toEqual(whole.content);
    expect(streamed.stop_reason).toBe(whole.stop_reason);
    expect(streamed.usage).toMatchObject({ input_tokens: 9, output_tokens: 5 });
  });

  it.each<[ErrorCode, new (...args: never[]) => Error]>([
    ["INVALID_REQUEST", Anthropic.BadRequestError],
    ["AUTH_FAILED", Anthropic.AuthenticationError],
    ["PERMISSION_DENIED", Anthropic.PermissionDeniedError],
    ["MODEL_NOT_FOUND", Anthropic.NotFoundError],
    ["RATE_LIMIT", Anthropic.RateLimitError],
    ["OVERLOADED", Anthropic.InternalServerError],
    ["PROVIDER_ERROR", Anthropic.InternalServerError],
  ])("raises %s as its own class", async (code, kind) => {
    answer = new AiLibError({ code, message: "no" });
    await expect(sdk.messages.create(params)).rejects.toBeInstanceOf(kind);
    await expect(sdk.messages.stream(params).finalMessage()).rejects.toBeInstanceOf(kind);
  });

  it("raises an error within a stream", async () => {
    answer = new AiLibError({ code: "OVERLOADED", message: "no", committed: true });
    await expect(sdk.messages.stream(params).finalMessage()).rejects.toMatchObject({
      type: "overloaded_error",
    });
  });

  it("lists models", async () => {
    const page = await sdk.models.list();
    expect(page.data).toMatchObject([{ id: "claude-x", display_name: "Claude X" }]);
  });
});
