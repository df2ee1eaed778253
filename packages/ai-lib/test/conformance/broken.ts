import type { Call, CallOptions } from "../../src/core/contract/call.js";
import type { ChatProvider } from "../../src/core/contract/provider.js";
import type { EventSink, Flow } from "../../src/core/contract/sink.js";
import type { ChatStream } from "../../src/core/contract/stream.js";
import { OpenProvider } from "../../src/core/run/compose.js";
import type { StreamEvent } from "../../src/core/values/chat-event.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";

/** What a stream goes through on its way: one event in, any number out. State is made anew for each stream. */
type Tamper = () => (event: StreamEvent) => readonly StreamEvent[];

/**
 * A provider written by hand. No code of this library between it and its caller can
 * correct it: events come from another provider's stream, changed on the way.
 */
class HandWritten implements ChatProvider {
  readonly name = "hand-written";

  constructor(
    private readonly good: ChatProvider,
    private readonly change: {
      readonly events?: Tamper;
      readonly response?: (response: ChatResponse) => ChatResponse;
      readonly options?: (options: CallOptions | undefined) => CallOptions;
    },
  ) {}

  async chat(request: ChatRequest, options?: CallOptions): Promise<ChatResponse> {
    const response = await this.good.chat(request, this.change.options?.(options) ?? options);
    return this.change.response?.(response) ?? response;
  }

  stream(request: ChatRequest, options?: CallOptions): ChatStream {
    const upstream = this.good.stream(request, this.change.options?.(options) ?? options);
    const tamper = (this.change.events ?? (() => (event: StreamEvent) => [event]))();
    const edit = this.change.response ?? ((response: ChatResponse) => response);
    async function* events(): AsyncGenerator<StreamEvent, undefined, undefined> {
      for await (const event of upstream) {
        const edited: StreamEvent =
          event.type === "finish" ? { type: "finish", response: edit(event.response) } : event;
        yield* tamper(edited);
      }
      return undefined;
    }
    async function* text(): AsyncGenerator<string, void, undefined> {
      for await (const event of events()) if (event.type === "text-delta") yield event.text;
    }
    return {
      [Symbol.asyncIterator]: () => events(),
      get text() {
        return text();
      },
      response: async () => edit(await upstream.response()),
      toReadableStream: (options) => upstream.toReadableStream(options),
      toResponse: (options) => upstream.toResponse(options),
      pipeTo: (response, options) => upstream.pipeTo(response, options),
    };
  }
}

/** A source as somebody may write it without reading the rules of sinks. */
class HandWrittenSource extends OpenProvider {
  readonly name = "hand-written-source";

  constructor(
    private readonly good: OpenProvider,
    private readonly wrap: (sink: EventSink) => EventSink,
  ) {
    super();
  }

  open(call: Call, sink: EventSink): Flow {
    return this.good.open(call, this.wrap(sink));
  }
}

const keep = (event: StreamEvent): readonly StreamEvent[] => [event];

/** Events of one type. */
type Of<T extends StreamEvent["type"]> = StreamEvent & { readonly type: T };

/** Every other event passes; those of one type are changed. */
function on<T extends StreamEvent["type"]>(
  type: T,
  change: (event: Of<T>) => readonly StreamEvent[],
): Tamper {
  return () => (event) => (event.type === type ? change(event as Of<T>) : keep(event));
}

/** The first text delta that is long enough, changed; the others pass. */
function onceOnText(change: (event: Of<"text-delta">) => readonly StreamEvent[]): Tamper {
  return () => {
    let done = false;
    return (event) => {
      if (done || event.type !== "text-delta" || event.text.length < 2) return keep(event);
      done = true;
      return change(event as Of<"text-delta">);
    };
  };
}

/** One way to be wrong, and the case that must find it. */
export interface Broken {
  readonly what: string;
  readonly make: (good: OpenProvider) => ChatProvider;
  /** The case, by its name. */
  readonly found: string;
}

/** A hand-written provider that is right. */
export const handWritten = (good: ChatProvider): ChatProvider => new HandWritten(good, {});

const hand = (change: ConstructorParameters<typeof HandWritten>[1]) => (good: ChatProvider) =>
  new HandWritten(good, change);

/** A response without the reasoning parts, whose text stands in its text. */
function reasoningAsText(response: ChatResponse): ChatResponse {
  const content = response.content.map((part) =>
    part.type === "reasoning" ? { type: "text" as const, text: part.text } : part,
  );
  const { reasoningTokens: _reasoningTokens, ...usage } = response.usage;
  return {
    ...response,
    content,
    text: response.reasoningText + response.text,
    reasoningText: "",
    message: { role: "assistant", content },
    usage,
  };
}

/** A response whose calls have lost their arguments. */
function withoutArguments(response: ChatResponse): ChatResponse {
  const content = response.content.map((part) =>
    part.type === "tool-call" ? { ...part, arguments: {} } : part,
  );
  return {
    ...response,
    content,
    toolCalls: response.toolCalls.map((call) => ({ ...call, arguments: {} })),
    message: { role: "assistant", content },
  };
}

/** A response that stops early and does not say so. */
function truncated(response: ChatResponse): ChatResponse {
  if (response.text.length < 200) return response;
  const text = response.text.slice(0, 200);
  const content = [{ type: "text" as const, text }];
  return { ...response, text, content, message: { role: "assistant", content }, finishReason: "stop" };
}

/** Providers that are wrong on purpose: the test of the cases. */
export const BROKEN: readonly Broken[] = [
  {
    what: "drops the finish",
    make: hand({ events: on("finish", () => []) }),
    found: "a stream ends with its one finish",
  },
  {
    what: "finishes twice",
    make: hand({ events: on("finish", (event) => [event, event]) }),
    found: "a stream ends with its one finish",
  },
  {
    what: "goes on after the finish",
    make: hand({
      events: on("finish", (event) => [
        event,
        { type: "warning", warning: { code: "other", message: "one more thing" } },
      ]),
    }),
    found: "nothing comes after the end of a stream",
  },
  {
    what: "starts again for every part",
    make: hand({ events: on("part-start", (event) => [{ type: "start" }, event]) }),
    found: "a stream begins with its one start",
  },
  {
    what: "counts its parts from 1",
    make: hand({
      events: () => (event) => ["index" in event ? { ...event, index: event.index + 1 } : event],
    }),
    found: "parts have the indices 0, 1, 2 in the order in which they begin",
  },
  {
    what: "writes to a part that has ended",
    make: hand({ events: on("part-start", (event) => [event, { type: "part-end", index: event.index }]) }),
    found: "deltas belong to a part that has begun and not ended, and fit its type",
  },
  {
    what: "leaves its parts open",
    make: hand({ events: on("part-end", () => []) }),
    found: "every part that begins ends",
  },
  {
    what: "says a delta twice",
    make: hand({ events: onceOnText((event) => [event, event]) }),
    found: "the deltas of a stream rebuild the response that its finish carries",
  },
  {
    what: "breaks a surrogate pair",
    make: hand({
      events: on("text-delta", (event) => {
        const at = event.text.search(/[\u{10000}-\u{10FFFF}]/u);
        if (at < 0) return [event];
        return [
          { ...event, text: event.text.slice(0, at + 1) },
          { ...event, text: event.text.slice(at + 1) },
        ];
      }),
    }),
    found: "no delta breaks a character in two",
  },
  {
    what: "reads bytes as Latin-1",
    make: hand({
      response: (response) => {
        const text = Buffer.from(response.text).toString("latin1");
        const content = response.content.map((part) => (part.type === "text" ? { ...part, text } : part));
        return { ...response, text, content, message: { role: "assistant", content } };
      },
    }),
    found: "writing, emoji and accents arrive as they are, whole and streamed",
  },
  {
    what: "counts tokens below zero",
    make: hand({
      response: (response) => ({ ...response, usage: { ...response.usage, inputTokens: -1 } }),
    }),
    found: "tokens are whole numbers of 0 or more, and parts of a sum are no more than the sum",
  },
  {
    what: "always reports the same usage",
    make: hand({
      response: (response) => ({ ...response, usage: { inputTokens: 10, outputTokens: 10 } }),
    }),
    found: "a longer prompt takes more input, and a longer answer more output",
  },
  {
    what: "ignores an abort",
    make: hand({ options: ({ signal: _signal, ...options } = {}) => options }),
    found: "a stream that is aborted midway is CANCELLED, with what had come",
  },
  {
    what: "does not look at its signal before it begins",
    make: hand({
      options: (options) => {
        const { signal, ...rest } = options ?? {};
        return signal?.aborted === true ? rest : { ...rest, signal };
      },
    }),
    found: "a call that was aborted before it began is CANCELLED",
  },
  {
    what: "reports a passed limit as a failure of the provider",
    make: (good) => {
      const wrapped = new HandWritten(good, {});
      const mislabel = (reason: unknown): never => {
        throw Object.assign(new Error("socket hang up"), { cause: reason });
      };
      return {
        name: "mislabelling",
        chat: (request, options) =>
          options?.timeouts === undefined
            ? wrapped.chat(request, options)
            : wrapped.chat(request, options).catch(mislabel),
        stream: (request, options) => wrapped.stream(request, options),
      };
    },
    found: "a passed deadline ends a call",
  },
  {
    what: "mixes up answers that run at once",
    make: (good) => {
      let last: Promise<ChatResponse> | undefined;
      const wrapped = new HandWritten(good, {});
      return {
        name: "shared",
        chat: (request, options) => {
          last ??= wrapped.chat(request, options).finally(() => {
            last = undefined;
          });
          return last;
        },
        stream: (request, options) => wrapped.stream(request, options),
      };
    },
    found: "eight calls at once, whole and streamed, keep their answers apart",
  },
  {
    what: "forgets what was said before",
    make: (good) => {
      const forget = (request: ChatRequest): ChatRequest =>
        request.messages.length === 0 ? request : { ...request, messages: request.messages.slice(-1) };
      const wrapped = new HandWritten(good, {});
      return {
        name: "forgetful",
        chat: (request, options) => wrapped.chat(forget(request), options),
        stream: (request, options) => wrapped.stream(forget(request), options),
      };
    },
    found: "what was said before is known, and an answer can stand in the history",
  },
  {
    what: "swallows the arguments of calls",
    make: hand({
      events: on("tool-call-delta", () => []),
      response: withoutArguments,
    }),
    found: "one tool is called with arguments that follow its schema",
  },
  {
    what: "sends pieces of arguments that do not make up the call",
    make: hand({ events: on("tool-call-delta", (event) => [{ ...event, text: "{}" }]) }),
    found: "a call that is streamed is rebuilt from its deltas",
  },
  {
    what: "gives every call the same id",
    make: hand({
      response: (response) => ({
        ...response,
        toolCalls: response.toolCalls.map((call) => ({ ...call, id: "call" })),
      }),
    }),
    found: "several tools are called in one answer, each with an id of its own",
  },
  {
    what: "truncates silently",
    make: hand({ response: truncated }),
    found: "a long answer arrives to its last word",
  },
  {
    what: "calls every ending a stop",
    make: hand({
      response: (response) =>
        response.finishReason === "length" ? { ...response, finishReason: "stop" } : response,
    }),
    found: "an answer that reaches maxTokens says so",
  },
  {
    what: "passes reasoning off as text",
    make: hand({ response: reasoningAsText }),
    found: "reasoning that is asked for is shown as such or counted, and the answer besides",
  },
  {
    what: "drops pictures",
    make: (good) => {
      const blind = (request: ChatRequest): ChatRequest => ({
        ...request,
        messages: request.messages.map((message) =>
          message.role === "user" && typeof message.content !== "string"
            ? { ...message, content: message.content.filter((part) => part.type !== "image") }
            : message,
        ),
      });
      const wrapped = new HandWritten(good, {});
      return {
        name: "blind",
        chat: (request, options) => wrapped.chat(blind(request), options),
        stream: (request, options) => wrapped.stream(blind(request), options),
      };
    },
    found: "a picture is seen",
  },
  {
    what: "does not send the schema of the answer",
    make: (good) => {
      const wrapped = new HandWritten(good, {});
      const free = ({ responseFormat: _format, ...request }: ChatRequest): ChatRequest => request;
      return {
        name: "free-form",
        chat: (request, options) => wrapped.chat(free(request), options),
        stream: (request, options) => wrapped.stream(free(request), options),
      };
    },
    found: "an answer follows a JSON Schema, whole and streamed",
  },
  {
    what: "answers for a model that does not exist",
    make: (good) => {
      const wrapped = new HandWritten(good, {});
      const any = ({ model: _model, ...request }: ChatRequest): ChatRequest => request;
      return {
        name: "any-model",
        chat: (request, options) => wrapped.chat(any(request), options),
        stream: (request, options) => wrapped.stream(any(request), options),
      };
    },
    found: "a model that does not exist is MODEL_NOT_FOUND",
  },
  {
    what: "holds everything back until the end",
    make: hand({
      events: () => {
        const held: StreamEvent[] = [];
        return (event) => {
          if (event.type === "text-delta") {
            held.push(event);
            return [];
          }
          if (event.type !== "part-end" || held.length === 0) return keep(event);
          const [first] = held;
          const text = held.map((each) => ("text" in each ? each.text : "")).join("");
          held.length = 0;
          return first === undefined ? [event] : [{ ...first, text } as StreamEvent, event];
        };
      },
    }),
    found: "a long answer comes in pieces",
  },
  {
    what: "tells its sink of two endings",
    make: (good) =>
      new HandWrittenSource(good, (sink) => ({
        event: (event) => sink.event(event),
        fail: (error) => sink.fail(error),
        finish(response) {
          sink.finish(response);
          sink.finish(response);
        },
      })),
    found: "a source is silent until it is opened, ends once, and is silent after",
  },
  {
    what: "contradicts itself",
    make: hand({ response: (response) => ({ ...response, text: `${response.text} ` }) }),
    found: "a response says who answered, and does not contradict itself",
  },
];
