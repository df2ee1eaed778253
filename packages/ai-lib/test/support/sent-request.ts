import type { ChatProvider } from "../../src/core/contract/provider.js";
import type { Transport, TransportRequest } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";

const HELLO: ChatRequest = { messages: [{ role: "user", content: "Hello" }] };

/** The request that a provider sends for a chat or a stream, or, without chat, for another kind; the transport that it was made with answers nothing. */
export async function sentBy(
  make: (transport: Transport) => ChatProvider,
  request: ChatRequest = HELLO,
  mode: "unary" | "stream" = "unary",
): Promise<TransportRequest> {
  const sent: TransportRequest[] = [];
  const provider = make({
    open(each, sink) {
      sent.push(each);
      queueMicrotask(() => sink.fail(new AiLibError({ code: "NETWORK_ERROR", message: "Nobody is there" })));
      return { pause() {}, resume() {}, abort: () => undefined };
    },
  });
  // Some providers have no chat: their first kind takes the chosen model. Sound by URL needs no upload first.
  const whole = async (): Promise<unknown> => {
    const kinds = [...(provider.kinds?.() ?? ["chat"])];
    if (kinds.includes("chat")) return provider.chat(request);
    if (kinds.includes("embed")) return provider.embed?.({ inputs: ["Hello"] });
    if (kinds[0] === "moderate") return provider.moderate?.({ inputs: ["Hello"] });
    if (kinds[0] === "image") return provider.image?.({ prompt: "Hello" });
    try {
      return await provider.transcribe?.({ audio: { url: "https://example.com/a.wav" } });
    } catch (error) {
      if (sent.length > 0) throw error;
      return provider.transcribe?.({ audio: { data: "AAAA", mediaType: "audio/wav" } });
    }
  };
  const ended = Promise.resolve(mode === "unary" ? whole() : provider.stream(request).response());
  const error = await ended.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const [only] = sent;
  if (only === undefined) throw error;
  return only;
}

/** The body of a request as a text. */
export function textOf({ body }: TransportRequest): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
}

/** The body of a request as JSON. */
export function jsonOf(request: TransportRequest): Record<string, unknown> {
  return JSON.parse(String(request.body));
}
