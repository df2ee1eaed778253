/** What the client takes and returns, call by call. Compiled in CI, never run. */
import type {
  AiClient,
  BatchItem,
  CallOptions,
  ChatProvider,
  ChatResponse,
  ChatStream,
  CountTokensResponse,
  EmbedResponse,
  ErrorCode,
  ImageResponse,
  Kind,
  ModelInfo,
  RequestOf,
  ResponseOf,
  SpeakResponse,
  StreamEvent,
  TranscribeResponse,
} from "ai-lib";
import { AiLibError } from "ai-lib";
import { expectTypeOf } from "vitest";

export async function chats(client: AiClient): Promise<void> {
  expectTypeOf(client.chat("Hi")).toEqualTypeOf<Promise<ChatResponse>>();
  expectTypeOf(
    client.chat({ messages: [{ role: "user", content: "Hi" }], maxTokens: 5 }),
  ).resolves.toHaveProperty("text");
  expectTypeOf((await client.chat("Hi")).text).toEqualTypeOf<string>();
  expectTypeOf((await client.chat("Hi")).cost).toEqualTypeOf<number | undefined>();
  const stream = client.stream("Hi");
  expectTypeOf(stream).toEqualTypeOf<ChatStream>();
  expectTypeOf(stream.response()).toEqualTypeOf<Promise<ChatResponse>>();
  for await (const event of stream) {
    expectTypeOf(event).toEqualTypeOf<StreamEvent>();
    if (event.type === "text-delta") expectTypeOf(event.text).toEqualTypeOf<string>();
    if (event.type === "finish") expectTypeOf(event.response).toEqualTypeOf<ChatResponse>();
  }
  expectTypeOf(client.batch(["a", "b"])).toEqualTypeOf<Promise<BatchItem[]>>();
  expectTypeOf(client).toExtend<ChatProvider>();
  // @ts-expect-error A request has messages.
  await client.chat({ maxTokens: 5 });
  // @ts-expect-error No such role.
  await client.chat({ messages: [{ role: "robot", content: "Hi" }] });
  // @ts-expect-error No such option.
  await client.chat("Hi", { timeout: 5 });
  // @ts-expect-error A part has a known type.
  await client.chat({ messages: [{ role: "user", content: [{ type: "smell", data: "" }] }] });
}

export function otherKinds(client: AiClient): void {
  expectTypeOf(client.embed("Hi")).toEqualTypeOf<Promise<EmbedResponse>>();
  expectTypeOf(client.embed(["Hi", "there"])).toEqualTypeOf<Promise<EmbedResponse>>();
  expectTypeOf(client.countTokens("Hi")).toEqualTypeOf<Promise<CountTokensResponse>>();
  expectTypeOf(client.transcribe("speech.wav")).toEqualTypeOf<Promise<TranscribeResponse>>();
  expectTypeOf(client.speak({ text: "Hi" })).toEqualTypeOf<Promise<SpeakResponse>>();
  expectTypeOf(client.image({ prompt: "a cat" })).toEqualTypeOf<Promise<ImageResponse>>();
  expectTypeOf(client.listModels({ kind: "embed" })).toEqualTypeOf<Promise<ModelInfo[]>>();
  // @ts-expect-error An image has a prompt.
  client.image({});
}

/** Requests and responses of each kind belong together, for code that is generic over kinds. */
export function kinds(): void {
  // Examples and tests add kinds of their own to the table.
  type Own = "chat" | "countTokens" | "decide" | "embed" | "image" | "moderate" | "ocr" | "rerank" | "speak";
  expectTypeOf<Own | "transcribe">().toExtend<Kind>();
  // @ts-expect-error There is no such kind.
  expectTypeOf<RequestOf<"sing">>();
  expectTypeOf<ResponseOf<"chat">>().toEqualTypeOf<ChatResponse>();
  expectTypeOf<RequestOf<"rerank">>().toHaveProperty("documents");
  expectTypeOf<ResponseOf>().toEqualTypeOf<{ [K in Kind]: ResponseOf<K> }[Kind]>();
}

export function errors(thrown: unknown): void {
  if (AiLibError.is(thrown)) {
    expectTypeOf(thrown).toEqualTypeOf<AiLibError>();
    expectTypeOf(thrown.code).toEqualTypeOf<ErrorCode>();
    expectTypeOf(thrown.retryAt).toEqualTypeOf<number | undefined>();
    // @ts-expect-error No such code.
    if (thrown.code === "RATE_LIMITED") return;
  }
  // @ts-expect-error An error has a code of the table.
  new AiLibError({ code: "NO_SUCH_CODE", message: "" });
  expectTypeOf<CallOptions["signal"]>().toEqualTypeOf<AbortSignal | undefined>();
}
