import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError, GoogleGenAI, Type } from "@google/genai";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { HttpRequest } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import { buildResponse } from "../../core/kinds/chat/response.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ContentPart } from "../../core/values/message.js";
import { server as half } from "./server/index.js";

/** Answers every chat with some parts, streamed where asked for, and keeps the request. */
let listening: Server;
let sdk: GoogleGenAI;
let answer: readonly ContentPart[] = [];
let failure: AiLibError | undefined;
let seen: ChatRequest | undefined;

beforeAll(async () => {
  listening = createServer((incoming, outgoing) => {
    let body = "";
    incoming.on("data", (piece: Buffer) => {
      body += piece.toString();
    });
    incoming.on("end", () => {
      const path = (incoming.url ?? "").replace(/\?.*/, "");
      const http: HttpRequest = {
        method: incoming.method === "GET" ? "GET" : "POST",
        path,
        headers: {},
        body,
      };
      if (half.models?.matches(http) === true) {
        const reply = half.models.encode([{ id: "gemini-x", provider: "google", contextWindow: 7 }]);
        outgoing.writeHead(reply.status, reply.headers).end(reply.body);
        return;
      }
      if (failure !== undefined) {
        const reply = half.error(failure);
        outgoing.writeHead(reply.status, reply.headers).end(reply.body);
        return;
      }
      const { request, mode } = half.decode(http);
      seen = request;
      const facts = {
        finishReason: "stop" as const,
        usage: { inputTokens: 3, outputTokens: 5, reasoningTokens: 2 },
      };
      const frame = { provider: "google", model: "gemini-x", id: "r", attempts: [], estimateInput: () => 0 };
      const response = buildResponse(answer, facts, [], frame);
      if (mode === "unary") {
        const reply = half.encode(response, { id: "r", created: 0 });
        outgoing.writeHead(reply.status, reply.headers).end(reply.body);
        return;
      }
      outgoing.writeHead(200, { "content-type": "text/event-stream" });
      const sink = half.encoder((one) => outgoing.write(`data: ${one.data}\r\n\r\n`), {
        id: "r",
        created: 0,
        model: "gemini-x",
      });
      for (const event of replayEvents(answer, {})) sink.event(event);
      sink.finish(response);
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const { port } = listening.address() as AddressInfo;
  sdk = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: `http://127.0.0.1:${port}` } });
});

afterAll(() => {
  listening.close();
});

const mixed: ContentPart[] = [
  { type: "reasoning", text: "hm" },
  { type: "text", text: "Hello", origin: { family: "google", data: { thoughtSignature: "U2ln" } } },
  { type: "tool-call", id: "c1", name: "f", arguments: { a: 1 } },
];

describe("Google's own client", () => {
  it("chats", async () => {
    answer = mixed;
    const reply = await sdk.models.generateContent({
      model: "gemini-x",
      contents: "hi",
      config: {
        systemInstruction: "be brief",
        temperature: 0,
        tools: [
          {
            functionDeclarations: [
              { name: "f", parameters: { type: Type.OBJECT, properties: { a: { type: Type.INTEGER } } } },
            ],
          },
        ],
      },
    });
    // It warns on the console that there is more than text.
    vi.spyOn(console, "warn").mockImplementation(() => {});
    expect(reply.text).toBe("Hello");
    vi.restoreAllMocks();
    expect(reply.functionCalls).toEqual([{ id: "c1", name: "f", args: { a: 1 } }]);
    expect(reply.candidates?.[0]?.finishReason).toBe("STOP");
    expect(reply.usageMetadata).toMatchObject({
      promptTokenCount: 3,
      candidatesTokenCount: 3,
      thoughtsTokenCount: 2,
      totalTokenCount: 8,
    });
    expect(reply.responseId).toBe("r");
    expect(seen).toEqual({
      model: "gemini-x",
      messages: [
        { role: "system", content: "be brief" },
        { role: "user", content: "hi" },
      ],
      temperature: 0,
      tools: [
        {
          type: "function",
          name: "f",
          parameters: { type: "object", properties: { a: { type: "integer" } } },
        },
      ],
    });
  });

  it("streams", async () => {
    answer = mixed;
    let text = "";
    let calls = 0;
    let reason: string | undefined;
    for await (const chunk of await sdk.models.generateContentStream({ model: "gemini-x", contents: "hi" })) {
      text +=
        chunk.candidates?.[0]?.content?.parts
          ?.flatMap((part) => (part.thought === true ? [] : [part.text ?? ""]))
          .join("") ?? "";
      calls += chunk.functionCalls?.length ?? 0;
      reason = chunk.candidates?.[0]?.finishReason ?? reason;
    }
    expect({ text, calls, reason }).toEqual({ text: "Hello", calls: 1, reason: "STOP" });
  });

  it("keeps a conversation with tools, signatures included", async () => {
    answer = mixed;
    const chat = sdk.chats.create({ model: "gemini-x" });
    await chat.sendMessage({ message: "hi" });
    answer = [{ type: "text", text: "done" }];
    const last = await chat.sendMessage({
      message: [{ functionResponse: { id: "c1", name: "f", response: { output: "21" } } }],
    });
    expect(last.text).toBe("done");
    expect(seen?.messages).toEqual([
      { role: "user", content: "hi" },
      { role: "assistant", content: mixed },
      { role: "tool", content: [{ type: "tool-result", id: "c1", content: "21" }] },
    ]);
  });

  it("lists models", async () => {
    const names: (string | undefined)[] = [];
    for await (const model of await sdk.models.list()) names.push(model.name);
    expect(names).toEqual(["models/gemini-x"]);
  });

  it.each([
    ["RATE_LIMIT", 429],
    ["AUTH_FAILED", 400],
    ["OVERLOADED", 503],
  ] as const)("raises its own error for %s", async (code, status) => {
    failure = new AiLibError({ code, message: "no" });
    const call = sdk.models.generateContent({
      model: "gemini-x",
      contents: "hi",
      config: { httpOptions: { retryOptions: { attempts: 1 } } },
    });
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    failure = undefined;
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status });
  });
});
