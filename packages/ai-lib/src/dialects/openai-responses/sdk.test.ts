import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { responseOf } from "../../../test/support/halves.js";
import { AiLibError } from "../../core/errors/error.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse, FinishReason } from "../../core/values/chat-response.js";
import type { ErrorCode } from "../../core/values/error-code.js";
import type { ContentPart, Origin } from "../../core/values/message.js";
import { server } from "./server/index.js";

const facts = { id: "resp_served", created: 1_760_000_000_000, model: "gpt-x" };

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
        const list = server.models.encode([{ id: "gpt-x", provider: "labs", createdAt: 5_000 }]);
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
        body += `event: ${frame.event}\ndata: ${frame.data}\n\n`;
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
    id: "resp_1",
    model: "gpt-x-1",
    usage: { inputTokens: 12, outputTokens: 5, cachedInputTokens: 2, reasoningTokens: 3 },
  });
}

function own(data: Origin["data"]): { origin: Origin } {
  return { origin: { family: "openai", data } };
}

const ask = { model: "gpt-x", input: "Hi" };

const weather: ContentPart[] = [
  {
    type: "reasoning",
    text: "Look it up.",
    ...own({ type: "reasoning", id: "rs_1", encrypted_content: "cipher" }),
  },
  {
    type: "text",
    text: "One moment.",
    phase: "commentary",
    ...own({ type: "message", id: "msg_1", phase: "commentary" }),
  },
  { type: "source", url: "https://a.example", title: "A", cites: { index: 1, start: 0, end: 3 } },
  { type: "tool-call", id: "call_1", name: "weather", arguments: { city: "Ulm" } },
  { type: "tool-call", id: "call_2", name: "time", arguments: {} },
];

const output = [
  {
    id: "rs_1",
    type: "reasoning",
    summary: [{ type: "summary_text", text: "Look it up." }],
    encrypted_content: "cipher",
  },
  {
    id: "msg_1",
    type: "message",
    role: "assistant",
    phase: "commentary",
    content: [
      {
        type: "output_text",
        text: "One moment.",
        annotations: [
          { type: "url_citation", url: "https://a.example", title: "A", start_index: 0, end_index: 3 },
        ],
      },
    ],
  },
  {
    type: "function_call",
    call_id: "call_1",
    name: "weather",
    arguments: '{"city":"Ulm"}',
    status: "completed",
  },
  { type: "function_call", call_id: "call_2", name: "time", arguments: "{}", status: "completed" },
];

describe("OpenAI's SDK against the server half", () => {
  it("reads a whole answer", async () => {
    const response = await sdkFor(reply(weather, "tool-calls")).responses.create(ask);
    expect(response).toMatchObject({
      id: "resp_1",
      object: "response",
      created_at: 1_760_000_000,
      model: "gpt-x-1",
      status: "completed",
      output_text: "One moment.",
      output,
      usage: {
        input_tokens: 12,
        output_tokens: 5,
        total_tokens: 17,
        input_tokens_details: { cached_tokens: 2 },
        output_tokens_details: { reasoning_tokens: 3 },
      },
    });
    expect(response._request_id).toBe("resp_served");
  });

  it("accumulates a streamed answer, event by event and as it ends", async () => {
    const deltas: string[] = [];
    const snapshots: string[] = [];
    const numbers: number[] = [];
    const stream = sdkFor(reply(weather, "tool-calls"))
      .responses.stream(ask)
      .on("response.output_text.delta", (event) => deltas.push(event.snapshot))
      .on("response.function_call_arguments.delta", (event) => snapshots.push(event.snapshot))
      .on("event", (event) => numbers.push(event.sequence_number));
    const response = await stream.finalResponse();
    expect(deltas).toEqual(["One moment."]);
    expect(snapshots).toEqual(['{"city":"Ulm"}', "{}"]);
    expect(numbers).toEqual([...numbers.keys()]);
    expect(response).toMatchObject({ status: "completed", output_text: "One moment.", output });
  });

  it("reads every kind of item that an answer may hold, as it streams", async () => {
    const parts: ContentPart[] = [
      { type: "refusal", text: "No." },
      { type: "image", mediaType: "image/png", data: "aGk=" },
      { type: "tool-call", id: "t1", name: "lookup", arguments: { a: 1 }, executedBy: "provider" },
      { type: "tool-result", id: "t1", name: "lookup", content: "found", executedBy: "provider" },
      {
        type: "tool-call",
        id: "call_9",
        name: "patch",
        arguments: { input: "*** Begin" },
        ...own({ type: "custom_tool_call", id: "ctc_1", status: "completed" }),
      },
    ];
    const response = await sdkFor(reply(parts)).responses.stream(ask).finalResponse();
    expect(response.output).toMatchObject([
      { type: "message", content: [{ type: "refusal", refusal: "No." }] },
      { type: "image_generation_call", result: "aGk=", status: "completed" },
      { type: "mcp_call", id: "t1", name: "lookup", arguments: '{"a":1}', output: "found", error: null },
      { type: "custom_tool_call", call_id: "call_9", name: "patch", input: "*** Begin" },
    ]);
  });

  it("parses structured output", async () => {
    const sdk = sdkFor(reply([{ type: "text", text: '{"city":"Ulm"}' }]));
    const asked = {
      ...ask,
      text: {
        format: { type: "json_schema" as const, name: "city", strict: true, schema: { type: "object" } },
      },
    };
    const parsed = await sdk.responses.parse(asked);
    expect(parsed.output_parsed).toEqual({ city: "Ulm" });
  });

  it("sees that the token limit cut an answer", async () => {
    const response = await sdkFor(reply([{ type: "text", text: "Once" }], "length")).responses.create(ask);
    expect(response).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
  });

  it("sends requests that are read in full", async () => {
    const asked: ChatRequest[] = [];
    await sdkFor(reply([{ type: "text", text: "ok" }]), asked).responses.create({
      model: "gpt-x",
      instructions: "Be brief.",
      store: false,
      input: [
        { role: "user", content: [{ type: "input_text", text: "What is it?" }] },
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "cipher" },
        { type: "function_call", id: "fc_1", call_id: "call_1", name: "look", arguments: "{}" },
        { type: "function_call_output", call_id: "call_1", output: "A cat." },
      ],
      tools: [
        { type: "function", name: "look", parameters: { type: "object" }, strict: true },
        { type: "web_search" },
      ],
      reasoning: { effort: "low", summary: "auto" },
      max_output_tokens: 50,
      truncation: "auto",
    });
    expect(asked).toEqual([
      {
        model: "gpt-x",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: [{ type: "text", text: "What is it?" }] },
          {
            role: "assistant",
            content: [
              {
                type: "reasoning",
                text: "",
                ...own({ type: "reasoning", id: "rs_1", encrypted_content: "cipher" }),
              },
              {
                type: "tool-call",
                id: "call_1",
                name: "look",
                arguments: {},
                ...own({ type: "function_call", id: "fc_1" }),
              },
            ],
          },
          {
            role: "tool",
            content: [{ type: "tool-result", id: "call_1", name: "look", content: "A cat." }],
          },
        ],
        tools: [
          { type: "function", name: "look", parameters: { type: "object" }, strict: true },
          { type: "provider", id: "openai/web_search" },
        ],
        reasoning: { effort: "low", summary: "auto" },
        maxTokens: 50,
        extensions: { "openai-responses": { truncation: "auto" } },
      },
    ]);
  });

  it("lists models", async () => {
    const page = await sdkFor(reply([])).models.list();
    expect(page.data).toMatchObject([{ id: "gpt-x", object: "model", created: 5, owned_by: "labs" }]);
  });

  it.each<[ErrorCode, abstract new (...args: never[]) => Error]>([
    ["AUTH_FAILED", OpenAI.AuthenticationError],
    ["PERMISSION_DENIED", OpenAI.PermissionDeniedError],
    ["MODEL_NOT_FOUND", OpenAI.NotFoundError],
    ["RATE_LIMIT", OpenAI.RateLimitError],
    ["QUOTA_EXHAUSTED", OpenAI.RateLimitError],
    ["INVALID_REQUEST", OpenAI.BadRequestError],
    ["CONTEXT_TOO_LONG", OpenAI.BadRequestError],
    ["PROVIDER_ERROR", OpenAI.InternalServerError],
    ["OVERLOADED", OpenAI.InternalServerError],
  ])("raises %s as its own class", async (code, kind) => {
    const failing = sdkFor(new AiLibError({ code, message: "It failed" })).responses.create(ask);
    await expect(failing).rejects.toBeInstanceOf(kind);
  });

  it("raises an error that comes midway", async () => {
    const sdk = sdkFor(new AiLibError({ code: "OVERLOADED", message: "It broke", committed: true }));
    const stream = await sdk.responses.create({ ...ask, stream: true });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const event of stream) seen.push(event.type);
    })();
    await expect(reading).rejects.toMatchObject({ code: "engine_overloaded", message: "It broke" });
    expect(seen).toContain("response.output_text.delta");
    expect(seen).not.toContain("response.completed");
  });
});
