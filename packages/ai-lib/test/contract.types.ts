/**
 * The contract, written out: each function is something that users will want to write. It is compiled in CI, and
 * contract.test.ts runs what can be run. If one of them is awkward, the contract is wrong: change it there.
 */
import type {
  AssistantMessage,
  Call,
  ChatEvent,
  ChatProvider,
  ChatRequest,
  ChatResponse,
  Clock,
  EventSink,
  Flow,
  Frame,
  ServerHalf,
  TargetName,
  Usage,
} from "ai-lib";
import { defineChatProvider, defineProvider, failover, ProviderFactory, textOf } from "ai-lib";
import { Composition, openMember } from "ai-lib/kit";

/** A provider of one's own, from a generator. */
export const shout = defineChatProvider({
  name: "shout",
  async *stream(request, { signal }) {
    const last = request.messages.at(-1);
    for (const word of textOf(last?.content ?? "").split(" ")) {
      if (signal.aborted) return;
      yield `${word.toUpperCase()} `;
    }
    return { finishReason: "stop", usage: { inputTokens: 3, outputTokens: 3 } };
  },
});

/** A tool that the provider runs: in as a `provider` tool, out as parts, back in as history, unchanged. */
export async function serverToolRoundTrip(claude: ChatProvider): Promise<ChatResponse> {
  const request: ChatRequest = {
    messages: [{ role: "user", content: "What is new in Node?" }],
    tools: [{ type: "provider", id: "anthropic/web_search_20250305", options: { max_uses: 3 } }],
  };
  const first = await claude.chat(request);
  const searched = first.content.filter(
    (part) => part.type === "tool-call" && part.executedBy === "provider",
  );
  if (searched.length > 0 && first.toolCalls.length > 0)
    throw new Error("a provider's own call is not the caller's");
  return claude.chat({
    ...request,
    messages: [...request.messages, first.message, { role: "user", content: "And in npm?" }],
  });
}

/** A long system prompt that the provider should cache. */
export const cachedSystemPrompt: ChatRequest = {
  messages: [
    {
      role: "system",
      content: [{ type: "text", text: "A long handbook ...", cache: { ttl: "1h" } }],
    },
    { role: "user", content: "What does chapter two say?" },
  ],
};

/** Two keys of one provider, then another provider. */
export function twoKeys(first: string, second: string): ChatProvider {
  return failover([
    ProviderFactory.create("groq", { apiKey: first, keyAlias: "team" }),
    ProviderFactory.create("groq", { apiKey: second, keyAlias: "backup" }),
    defineProvider(
      { id: "labs", dialect: "openai-chat", baseUrl: "http://127.0.0.1:9/v1", model: "gpt-x" },
      { apiKey: first },
    ),
  ]);
}

/** The shape of the Vercel AI SDK's language models, as far as text goes. */
export interface ForeignModel {
  readonly modelId: string;
  doGenerate(options: { prompt: readonly ForeignMessage[]; abortSignal?: AbortSignal }): Promise<{
    content: readonly { type: "text"; text: string }[];
    finishReason: "stop" | "length";
    usage: { inputTokens: number; outputTokens: number };
  }>;
  doStream(options: { prompt: readonly ForeignMessage[]; abortSignal?: AbortSignal }): Promise<{
    stream: ReadableStream<ForeignPart>;
  }>;
}

export interface ForeignMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export type ForeignPart =
  | { type: "text-delta"; delta: string }
  | { type: "finish"; finishReason: "stop" | "length"; usage: { inputTokens: number; outputTokens: number } };

function foreignPrompt(request: ChatRequest): ForeignMessage[] {
  return request.messages.flatMap((message) =>
    message.role === "tool" ? [] : [{ role: message.role, content: textOf(message.content) }],
  );
}

/** A foreign model as a provider of ours. */
export function fromForeign(model: ForeignModel): ChatProvider {
  return defineChatProvider({
    name: model.modelId,
    model: model.modelId,
    async *stream(request, { signal }) {
      const { stream } = await model.doStream({ prompt: foreignPrompt(request), abortSignal: signal });
      let end: { finishReason: "stop" | "length"; usage: Usage } | undefined;
      for await (const part of stream) {
        if (part.type === "text-delta") yield part.delta;
        else end = { finishReason: part.finishReason, usage: part.usage };
      }
      return end;
    },
    async chat(request, { signal }) {
      const { content, finishReason, usage } = await model.doGenerate({
        prompt: foreignPrompt(request),
        abortSignal: signal,
      });
      return { text: content.map((part) => part.text).join(""), finishReason, usage };
    },
  });
}

/** A provider of ours as a foreign model. */
export function toForeign(provider: ChatProvider): ForeignModel {
  const word = (response: ChatResponse) => (response.finishReason === "length" ? "length" : "stop");
  return {
    modelId: provider.target?.model ?? provider.name,
    async doGenerate({ prompt, abortSignal }) {
      const response = await provider.chat({ messages: prompt }, { signal: abortSignal });
      return {
        content: [{ type: "text", text: response.text }],
        finishReason: word(response),
        usage: response.usage,
      };
    },
    async doStream({ prompt, abortSignal }) {
      const events = provider.stream({ messages: prompt }, { signal: abortSignal })[Symbol.asyncIterator]();
      const stream = new ReadableStream<ForeignPart>({
        async pull(controller) {
          for (;;) {
            const { value, done } = await events.next();
            if (done === true) return controller.close();
            if (value.type === "text-delta")
              return controller.enqueue({ type: "text-delta", delta: value.text });
            if (value.type === "finish") {
              const { response } = value;
              controller.enqueue({ type: "finish", finishReason: word(response), usage: response.usage });
            }
          }
        },
        async cancel() {
          await events.return?.();
        },
      });
      return { stream };
    },
  };
}

/** A stream relayed to a client that speaks another dialect: the provider's events, another server half's frames. */
export function relay(
  provider: ChatProvider,
  server: ServerHalf,
  call: Call,
  write: (frame: Frame) => void,
): Flow {
  const { clock, requestId } = call.context;
  return openMember(provider, call, server.encoder(write, { id: requestId, created: clock.now() }));
}

/** A layer of one's own: at most one call each `ms`, by whichever clock the call brings. */
export class Spaced extends Composition {
  readonly name: string;
  readonly members: readonly ChatProvider[];
  private next = 0;

  constructor(
    private readonly inner: ChatProvider,
    private readonly ms: number,
  ) {
    super();
    this.name = `spaced[${inner.name}]`;
    this.members = [inner];
  }

  open(call: Call, sink: EventSink): Flow {
    const { clock } = call.context;
    const at = Math.max(clock.now(), this.next);
    this.next = at + this.ms;
    return waitThen(clock, at - clock.now(), () => openMember(this.inner, call, sink));
  }
}

function waitThen(clock: Clock, ms: number, open: () => Flow): Flow {
  if (ms <= 0) return open();
  let flow: Flow | undefined;
  let paused = false;
  const cancel = clock.after(ms, () => {
    flow = open();
    if (paused) flow.pause();
  });
  return {
    pause() {
      paused = true;
      flow?.pause();
    },
    resume() {
      paused = false;
      flow?.resume();
    },
    abort(reason) {
      cancel();
      return flow?.abort(reason);
    },
  };
}

/** The text of a stream, rebuilt from its deltas. */
export function textOfEvents(events: readonly ChatEvent[]): string {
  return events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
}

/** A history that goes on from an answer. */
export function goOn(request: ChatRequest, answer: ChatResponse, next: string): ChatRequest {
  const said: AssistantMessage = answer.message;
  return { ...request, messages: [...request.messages, said, { role: "user", content: next }] };
}

/** Editors complete providers and the models that their data knows; any other text may be written. */
type Completed = Extract<TargetName, "groq" | "groq/openai/gpt-oss-120b" | "openai">;
export const completed: readonly Completed[] = ["groq", "groq/openai/gpt-oss-120b", "openai"];
export const written: TargetName = "labs/gpt-x";
