import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Ollama } from "ollama";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AiLibError } from "../../core/errors/error.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import { buildResponse } from "../../core/kinds/chat/response.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ContentPart } from "../../core/values/message.js";
import { server as half } from "./server/index.js";

const frame = { provider: "ollama", model: "m", id: "local", attempts: [], estimateInput: () => 1 };

describe("Ollama's own client", () => {
  let listening: Server;
  let sdk: Ollama;
  let failure: AiLibError | undefined;
  let seen: ChatRequest | undefined;
  const parts: ContentPart[] = [
    { type: "reasoning", text: "hm" },
    { type: "text", text: "Hello" },
    { type: "tool-call", id: "c1", name: "f", arguments: { a: 1 } },
  ];

  beforeAll(async () => {
    listening = createServer((incoming, outgoing) => {
      let body = "";
      incoming.on("data", (piece: Buffer) => {
        body += piece.toString();
      });
      incoming.on("end", () => {
        if (failure !== undefined) {
          const reply = half.error(failure);
          outgoing.writeHead(reply.status, reply.headers).end(reply.body);
          return;
        }
        const { request, mode } = half.decode({
          method: "POST",
          path: incoming.url ?? "",
          headers: {},
          body,
        });
        seen = request;
        const usage = { inputTokens: 3, outputTokens: 5 };
        const response = buildResponse(parts, { finishReason: "stop", usage, model: "m" }, [], frame);
        if (mode === "unary") {
          const reply = half.encode(response, { id: "r", created: 0 });
          outgoing.writeHead(reply.status, reply.headers).end(reply.body);
          return;
        }
        outgoing.writeHead(200, { "content-type": "application/x-ndjson" });
        const sink = half.encoder((one) => outgoing.write(`${one.data}\n`), {
          id: "r",
          created: 0,
          model: "m",
        });
        for (const event of replayEvents(parts, {})) sink.event(event);
        sink.finish(response);
        outgoing.end();
      });
    });
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const { port } = listening.address() as AddressInfo;
    sdk = new Ollama({ host: `http://127.0.0.1:${port}` });
  });
  afterAll(() => {
    listening.close();
  });

  it("chats", async () => {
    const reply = await sdk.chat({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
      think: "low",
      options: { temperature: 0 },
      tools: [
        {
          type: "function",
          function: { name: "f", parameters: { type: "object", properties: { a: { type: "integer" } } } },
        },
      ],
    });
    expect(reply.message).toMatchObject({ content: "Hello", thinking: "hm" });
    expect(reply.message.tool_calls?.[0]?.function).toMatchObject({ name: "f", arguments: { a: 1 } });
    expect(reply).toMatchObject({ done: true, done_reason: "stop", prompt_eval_count: 3, eval_count: 5 });
    expect(seen).toEqual({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
      reasoning: { effort: "low" },
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
    let text = "";
    let done = false;
    for await (const part of await sdk.chat({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
      stream: true,
    })) {
      text += part.message.content;
      done = part.done;
    }
    expect({ text, done }).toEqual({ text: "Hello", done: true });
  });

  it("raises its own error", async () => {
    failure = new AiLibError({ code: "MODEL_NOT_FOUND", message: "model 'm' not found" });
    const call = sdk.chat({ model: "m", messages: [{ role: "user", content: "hi" }] });
    await expect(call).rejects.toMatchObject({
      name: "ResponseError",
      status_code: 404,
      message: "model 'm' not found",
    });
    failure = undefined;
  });
});
