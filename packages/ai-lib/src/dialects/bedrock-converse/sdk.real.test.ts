import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  AccessDeniedException,
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  InternalServerException,
  ResourceNotFoundException,
  ServiceUnavailableException,
  ThrottlingException,
  ValidationException,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AiLibError } from "../../core/errors/error.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import { buildResponse } from "../../core/kinds/chat/response.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import type { ErrorCode } from "../../core/values/error-code.js";
import type { ContentPart } from "../../core/values/message.js";
import { frameWriter } from "../../wire/frame-writer.js";
import { server } from "./server/index.js";

/** What the local server answers to the next request, and the request as it was read. */
let answer: ChatResponse | AiLibError;
let asked: ChatRequest | undefined;
let local: Server;
let sdk: BedrockRuntimeClient;

beforeAll(async () => {
  local = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const http = {
        method: "POST" as const,
        path: request.url ?? "",
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
      };
      expect(server.matches(http)).toBe(true);
      const { request: read, mode } = server.decode(http);
      asked = read;
      const facts = { id: "r", created: 0 };
      if (mode === "unary" || (AiLibError.is(answer) && !answer.committed)) {
        const reply = AiLibError.is(answer) ? server.error(answer) : server.encode(answer, facts);
        response.writeHead(reply.status, reply.headers).end(reply.body);
        return;
      }
      const writer = frameWriter(server.framing);
      response.writeHead(200, { "content-type": writer.contentType });
      const encoder = server.encoder((frame) => response.write(writer.frame(frame)), facts);
      if (AiLibError.is(answer)) {
        encoder.event({ type: "start" });
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
  sdk = new BedrockRuntimeClient({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    // By default the SDK speaks HTTP/2.
    requestHandler: new NodeHttpHandler(),
  });
});

afterAll(() => {
  sdk.destroy();
  local.close();
});

const origin = (data: Record<string, string>) => ({ family: "anthropic", data });
const rich: ContentPart[] = [
  { type: "reasoning", text: "hm", origin: origin({ signature: "s" }) },
  { type: "text", text: "Hello 👋" },
  { type: "source", url: "https://example.com", title: "T", quote: "q", cites: { index: 1 } },
  { type: "tool-call", id: "a", name: "f", arguments: { a: [1, "ü"] } },
];

function reply(content: readonly ContentPart[]): ChatResponse {
  return buildResponse(
    content,
    { finishReason: "stop", usage: { inputTokens: 12, outputTokens: 5, cachedInputTokens: 2 } },
    [],
    { provider: "bedrock", model: "m", id: "r", attempts: [], estimateInput: () => 0 },
  );
}

const input: ConverseCommandInput = {
  modelId: "anthropic.claude-sonnet-4-6:0",
  messages: [
    {
      role: "user",
      content: [{ text: "Hi" }, { image: { format: "png", source: { bytes: Buffer.from("hi") } } }],
    },
  ],
};

async function streamed(): Promise<ConverseStreamOutput[]> {
  const { stream } = await sdk.send(new ConverseStreamCommand(input));
  const events: ConverseStreamOutput[] = [];
  for await (const event of stream ?? []) events.push(event);
  return events;
}

describe("the AWS SDK against the server half", () => {
  it("reads a whole reply, and its request is read", async () => {
    answer = reply(rich);
    const output = await sdk.send(new ConverseCommand(input));
    expect(asked).toMatchObject({
      model: "anthropic.claude-sonnet-4-6:0",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Hi" },
            { type: "image", mediaType: "image/png", data: "aGk=" },
          ],
        },
      ],
    });
    expect(output.stopReason).toBe("tool_use");
    expect(output.usage).toMatchObject({ inputTokens: 10, cacheReadInputTokens: 2, outputTokens: 5 });
    expect(output.output?.message?.content).toMatchObject([
      { reasoningContent: { reasoningText: { text: "hm", signature: "s" } } },
      { citationsContent: { content: [{ text: "Hello 👋" }], citations: [{ title: "T" }] } },
      { toolUse: { toolUseId: "a", name: "f", input: { a: [1, "ü"] } } },
    ]);
  });

  it("reads a stream, event by event", async () => {
    answer = reply(rich);
    const events = await streamed();
    const deltas = events.flatMap(({ contentBlockDelta: each }) =>
      each?.delta === undefined ? [] : [each.delta],
    );
    expect(deltas.map((each) => each.text ?? "").join("")).toBe("Hello 👋");
    expect(deltas.map((each) => each.toolUse?.input ?? "").join("")).toBe('{"a":[1,"ü"]}');
    expect(deltas.some((each) => each.citation?.title === "T")).toBe(true);
    expect(events.at(-2)?.messageStop?.stopReason).toBe("tool_use");
    expect(events.at(-1)?.metadata?.usage).toMatchObject({ inputTokens: 10, outputTokens: 5 });
  });

  it.each<[ErrorCode, new (...args: never[]) => Error]>([
    ["INVALID_REQUEST", ValidationException],
    ["PERMISSION_DENIED", AccessDeniedException],
    ["MODEL_NOT_FOUND", ResourceNotFoundException],
    ["RATE_LIMIT", ThrottlingException],
    ["OVERLOADED", ServiceUnavailableException],
    ["PROVIDER_ERROR", InternalServerException],
  ])("raises %s as its own class", async (code, kind) => {
    answer = new AiLibError({ code, message: "no" });
    await expect(sdk.send(new ConverseCommand(input))).rejects.toBeInstanceOf(kind);
    await expect(streamed()).rejects.toBeInstanceOf(kind);
  });

  it("raises an exception within a stream", async () => {
    answer = new AiLibError({ code: "RATE_LIMIT", message: "no", committed: true });
    await expect(streamed()).rejects.toBeInstanceOf(ThrottlingException);
  });
});
