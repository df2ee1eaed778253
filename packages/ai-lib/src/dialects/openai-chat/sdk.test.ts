import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { responseOf } from "../../../test/support/halves.js";
import { AiLibError } from "../../core/errors/error.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse, FinishReason } from "../../core/values/chat-response.js";
import type { ErrorCode } from "../../core/values/error-code.js";
import type { ContentPart } from "../../core/values/message.js";
import { server } from "./server/index.js";

const facts = { id: "chatcmpl-served", created: 1_760_000_000_000, model: "gpt-x" };

/** OpenAI's own SDK, whose requests a server half answers without a network. */
function sdkFor(answer: ChatResponse | AiLibError, asked: ChatRequest[] = []): OpenAI {
  return new OpenAI({
    apiKey: "test",
    baseURL: "http://127.0.0.1:9/v1",
    maxRetries: 0,
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input));
      const http = {
        method: (init?.method ?? "GET") as "GET" | "POST",
        path: pathname,
        headers: {},
        ...(typeof init?.body === "string" ? { body: init.body } : {}),
      };
      if (server.models?.matches(http) === true) {
        const list = server.models.encode([
          { id: "gpt-x", provider: "labs", createdAt: 5_000, contextWindow: 9 },
        ]);
        return new Response(list.body, { status: list.status, headers: list.headers });
      }
      expect(server.matches(http)).toBe(true);
      const { request, mode } = server.decode(http);
      asked.push(request);
      if (mode === "unary" || (AiLibError.is(answer) && !answer.committed)) {
        const reply = AiLibError.is(answer) ? server.error(answer) : server.encode(answer, facts);
        return new Response(reply.body, { status: reply.status, headers: reply.headers });
      }
      let body = "";
      const encoder = server.encoder((frame) => {
        body += `data: ${frame.data}\n\n`;
      }, facts);
      if (AiLibError.is(answer)) {
        encoder.event({ type: "part-start", index: 0, part: { type: "text" } });
        encoder.event({ type: "text-delta", index: 0, text: "Half" });
        encoder.fail(answer);
      } else {
        for (const event of replayEvents(answer.content, answer)) encoder.event(event);
        encoder.finish(answer);
      }
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  });
}

function reply(content: readonly ContentPart[], finishReason: FinishReason = "stop"): ChatResponse {
  return responseOf(content, {
    finishReason,
    id: "chatcmpl-1",
    model: "gpt-x-1",
    usage: { inputTokens: 12, outputTokens: 5, cachedInputTokens: 2, reasoningTokens: 3 },
  });
}

const ask = { model: "gpt-x", messages: [{ role: "user" as const, content: "Hi" }] };

const weather: ContentPart[] = [
  { type: "reasoning", text: "Look it up." },
  { type: "text", text: "One moment." },
  { type: "tool-call", id: "call_1", name: "weather", arguments: { city: "Ulm" } },
  { type: "tool-call", id: "call_2", name: "time", arguments: {} },
];

describe("OpenAI's SDK against the server half", () => {
  it("reads a whole answer", async () => {
    const completion = await sdkFor(reply(weather, "tool-calls")).chat.completions.create(ask);
    expect(completion).toMatchObject({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_760_000_000,
      model: "gpt-x-1",
      choices: [
        {
          finish_reason: "tool_calls",
          message: {
            role: "assistant",
            content: "One moment.",
            reasoning_content: "Look it up.",
            tool_calls: [
              { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Ulm"}' } },
              { id: "call_2", type: "function", function: { name: "time", arguments: "{}" } },
            ],
          },
        },
      ],
      usage: {
        prompt_tokens: 12,
        completion_tokens: 5,
        total_tokens: 17,
        prompt_tokens_details: { cached_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
    });
  });

  it("accumulates a streamed answer", async () => {
    const stream = sdkFor(reply(weather, "tool-calls")).chat.completions.stream({
      ...ask,
      stream_options: { include_usage: true },
    });
    const completion = await stream.finalChatCompletion();
    expect(completion.choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: {
        content: "One moment.",
        tool_calls: [
          { id: "call_1", function: { name: "weather", arguments: '{"city":"Ulm"}' } },
          { id: "call_2", function: { name: "time", arguments: "{}" } },
        ],
      },
    });
    expect(completion.usage).toMatchObject({ prompt_tokens: 12, completion_tokens: 5 });
  });

  it("sends requests that are read in full", async () => {
    const asked: ChatRequest[] = [];
    await sdkFor(reply([{ type: "text", text: "ok" }]), asked).chat.completions.create({
      model: "gpt-x",
      messages: [
        { role: "developer", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "What is it?" }] },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "call_1", content: "A cat." },
      ],
      tools: [
        { type: "function", function: { name: "look", parameters: { type: "object", properties: {} } } },
      ],
      tool_choice: "auto",
      max_completion_tokens: 50,
      reasoning_effort: "low",
      logit_bias: { "1": -100 },
    });
    expect(asked).toEqual([
      {
        model: "gpt-x",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: [{ type: "text", text: "What is it?" }] },
          { role: "assistant", content: [{ type: "tool-call", id: "call_1", name: "look", arguments: {} }] },
          { role: "tool", content: [{ type: "tool-result", id: "call_1", content: "A cat." }] },
        ],
        tools: [{ type: "function", name: "look", parameters: { type: "object", properties: {} } }],
        toolChoice: "auto",
        maxTokens: 50,
        reasoning: { effort: "low" },
        logitBias: { "1": -100 },
      },
    ]);
  });

  it.each<[ErrorCode, unknown]>([
    ["INVALID_REQUEST", OpenAI.BadRequestError],
    ["AUTH_FAILED", OpenAI.AuthenticationError],
    ["PERMISSION_DENIED", OpenAI.PermissionDeniedError],
    ["MODEL_NOT_FOUND", OpenAI.NotFoundError],
    ["RATE_LIMIT", OpenAI.RateLimitError],
    ["OVERLOADED", OpenAI.InternalServerError],
  ])("raises its own class for %s", async (code, kind) => {
    const error = new AiLibError({ code, message: "no", requestId: "req_9" });
    await expect(sdkFor(error).chat.completions.create(ask)).rejects.toBeInstanceOf(kind);
    await expect(sdkFor(error).chat.completions.create(ask)).rejects.toMatchObject({ requestID: "req_9" });
  });

  it("raises an error that comes after content", async () => {
    const error = new AiLibError({ code: "OVERLOADED", message: "the upstream fell over", committed: true });
    const stream = await sdkFor(error).chat.completions.create({ ...ask, stream: true });
    let text = "";
    await expect(async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    }).rejects.toThrow("the upstream fell over");
    expect(text).toBe("Half");
  });

  it("lists models", async () => {
    const page = await sdkFor(reply([])).models.list();
    expect(page.data).toEqual([
      { id: "gpt-x", object: "model", created: 5, owned_by: "labs", context_window: 9 },
    ]);
  });
});
