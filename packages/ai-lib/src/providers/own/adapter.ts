import type { Call, CallContext, CallOptions, Work } from "../../core/contract/call.js";
import { ignoreRejection } from "../../core/contract/guard.js";
import type { Flow, Sink } from "../../core/contract/sink.js";
import { AiLibError, configError } from "../../core/errors/error.js";
import { refuseUnknown } from "../../core/errors/options.js";
import { provideChatStreams } from "../../core/kinds/chat/provide-streams.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import type { AttemptRun } from "../../core/run/attempt.js";
import { OpenProvider } from "../../core/run/compose.js";
import { callForTarget } from "../../core/run/for-target.js";
import { leafPrices } from "../../core/run/leaf-prices.js";
import { countWork, openedFlow, pump } from "../../core/run/member.js";
import { openAttempt } from "../../core/run/open-attempt.js";
import type { Warning } from "../../core/values/answer.js";
import type { ChatEvent } from "../../core/values/chat-event.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse, EndFacts, FinishReason } from "../../core/values/chat-response.js";
import { isObject } from "../../core/values/json.js";
import type { EndOf, EventOf, Kind, ReplyOf, RequestOf } from "../../core/values/kinds.js";
import type { ContentPart } from "../../core/values/message.js";
import type { ModelFacts, ModelInfo } from "../../core/values/model.js";
import type { VoiceInfo } from "../../core/values/speech.js";
import type { Target } from "../../core/values/target.js";
import type { Usage } from "../../core/values/usage.js";

provideChatStreams();

/** What your own code receives besides the request. */
export interface CustomCall {
  /** Aborted when the call is cancelled or a timeout passes. Pass it on to whatever does the work. */
  readonly signal: AbortSignal;
  /** Headers to send: those of the call and those of observers (trace context). */
  readonly headers: Readonly<Record<string, string>>;
  /** The model of the request, else the provider's default. `""` if there is neither. */
  readonly model: string;
  /** The context of the call. Pass it to providers of this library that you call. */
  readonly context: CallContext;
}

/** What `chat` may return: a text, some parts, or a whole response. */
export type CustomReply =
  | string
  | ChatResponse
  | {
      readonly text?: string | undefined;
      readonly content?: readonly ContentPart[] | undefined;
      readonly finishReason?: FinishReason | undefined;
      readonly rawFinishReason?: string | undefined;
      readonly usage?: Usage | undefined;
      readonly id?: string | undefined;
      readonly model?: string | undefined;
      readonly warnings?: readonly Warning[] | undefined;
    };

/** What a function of a kind may return: a reply, or a generator that yields the kind's events and returns its end. */
export type KindResult<K extends Kind> =
  | Promise<ReplyOf<K>>
  | ReplyOf<K>
  | AsyncGenerator<EventOf<K>, EndOf<K>, undefined>;

/** A function that answers one kind of call. */
type KindAnswer = (request: RequestOf, call: CustomCall) => KindResult<Kind>;

/** What a generator may `return`. Its return ends the stream. */
export type CustomEnd =
  | Partial<Pick<EndFacts, "finishReason" | "rawFinishReason" | "usage" | "id" | "model">>
  | undefined;

/**
 * A provider of your own. One of `stream`, `chat` and `open` is enough: without `chat`, a stream is collected for a unary
 * call; without `stream`, a response is replayed as a stream.
 */
export interface ChatProviderDefinition {
  /** Shown in attempt logs and errors. */
  readonly name: string;
  /** The default model. */
  readonly model?: string | undefined;
  /** Yields text, or events where text is not enough. */
  readonly stream?:
    | ((request: ChatRequest, call: CustomCall) => AsyncIterable<string | ChatEvent>)
    | undefined;
  readonly chat?:
    | ((request: ChatRequest, call: CustomCall) => Promise<CustomReply> | CustomReply)
    | undefined;
  /**
   * Kinds of call besides chat, by name: each function returns the reply of its kind, or is a generator that yields its
   * events. A kind of your own works the same way, once it is declared in `Kinds`.
   */
  readonly kinds?:
    | {
        readonly [K in Exclude<Kind, "chat">]?: (request: RequestOf<K>, call: CustomCall) => KindResult<K>;
      }
    | undefined;
  /** Full control; see {@link Sink} for the rules. The library still counts attempts, applies timeouts and collects events. */
  readonly open?: ((call: Call, sink: Sink) => Flow) | undefined;
  readonly target?: Omit<Target, "provider" | "model"> | undefined;
  /** Facts of the model, or of each model. */
  readonly facts?: ModelFacts | ((model: string | undefined) => ModelFacts | undefined) | undefined;
  readonly listModels?: ((options?: CallOptions) => Promise<ModelInfo[]>) | undefined;
  /** The voices that requests for speech can name. */
  readonly listVoices?: ((options?: CallOptions) => Promise<VoiceInfo[]>) | undefined;
  readonly checkHealth?: ((options?: CallOptions) => Promise<void>) | undefined;
  readonly close?: (() => Promise<void>) | undefined;
}

const FIELDS: ReadonlySet<string> = new Set([
  "name",
  "model",
  "stream",
  "chat",
  "open",
  "kinds",
  "target",
  "facts",
  "listModels",
  "listVoices",
  "checkHealth",
  "close",
] satisfies (keyof ChatProviderDefinition)[]);

/**
 * Makes a provider from code of your own. Attempts, timeouts, cancellation, observers and strategies work as with a
 * prebuilt one.
 *
 * @example
 * const echo = defineChatProvider({
 *   name: "echo",
 *   async *stream(request) {
 *     yield "You said: ";
 *     yield JSON.stringify(request.messages.at(-1)?.content);
 *   },
 * });
 * @throws {AiLibError} `CONFIG_ERROR` without a name, without a function that answers, or for an unknown field.
 */
export function defineChatProvider(definition: ChatProviderDefinition): AdapterProvider {
  return new AdapterProvider(definition);
}

/** The class behind {@link defineChatProvider}: `new AdapterProvider({ name, stream })` is the same. */
export class AdapterProvider extends OpenProvider {
  readonly name: string;
  readonly target: Target;
  private readonly answers: ReadonlySet<string>;
  declare readonly listModels?: (options?: CallOptions) => Promise<ModelInfo[]>;
  declare readonly listVoices?: (options?: CallOptions) => Promise<VoiceInfo[]>;
  declare readonly checkHealth?: (options?: CallOptions) => Promise<void>;
  declare readonly close?: () => Promise<void>;

  /** @throws {AiLibError} `CONFIG_ERROR` as {@link defineChatProvider} does. */
  constructor(private readonly definition: ChatProviderDefinition) {
    super();
    refuseUnknown("field of defineChatProvider", definition, FIELDS);
    const { name, model, stream, chat, open, kinds, listModels, listVoices, checkHealth, close } = definition;
    if (typeof name !== "string" || name === "") throw configError("defineChatProvider needs a `name`");
    const others = Object.keys(kinds ?? {});
    const chats = stream !== undefined || chat !== undefined || open !== undefined;
    if (!chats && others.length === 0)
      throw configError(
        `The provider "${name}" cannot answer: give it one of \`stream\`, \`chat\`, \`open\` and \`kinds\``,
      );
    this.answers = new Set(chats ? ["chat", ...others] : others);
    this.name = name;
    this.target = { ...definition.target, provider: name, ...(model === undefined ? {} : { model }) };
    if (listModels !== undefined) this.listModels = listModels;
    if (listVoices !== undefined) this.listVoices = listVoices;
    if (checkHealth !== undefined) this.checkHealth = checkHealth;
    if (close !== undefined) this.close = close;
  }

  facts(model?: string): ModelFacts | undefined {
    const { facts } = this.definition;
    if (typeof facts !== "function") return facts;
    const found: unknown = facts(model);
    ignoreRejection(found);
    return isObject(found) ? (found as ModelFacts) : undefined;
  }

  private readonly prices = leafPrices((model) => this.facts(model)?.price);

  override kinds(): ReadonlySet<string> {
    return this.answers;
  }

  open(call: Call, sink: Sink): Flow {
    return openAttempt({ target: this.target, provider: this, ...this.prices }, call, sink, (run) =>
      this.start(call, run),
    );
  }

  private start(call: Call, run: AttemptRun<Kind>): Flow {
    const { open, stream, chat, kinds } = this.definition;
    if (open !== undefined) {
      return openedFlow(
        open(call, {
          event: (event) => run.event(event),
          finish: (response) => run.respond(response),
          fail: (error) => run.fail(error),
        }),
      );
    }
    const abort = new AbortController();
    const { work } = call.context;
    const told: CustomCall = {
      signal: abort.signal,
      headers: run.headers,
      model: run.model,
      context: { ...call.context, signal: abort.signal },
    };
    if (call.kind !== "chat") {
      const answer = kinds?.[call.kind] as KindAnswer | undefined;
      const target = { provider: this.name, model: run.model };
      const { request: own } = callForTarget(call, target, (warning) => run.warn(warning));
      const answered = answer?.(own, told);
      if (isGenerator(answered)) return startEvents(answered, abort, run, work);
      return startReply(async () => run.reply(await answerOf(answered, run)), abort, run, work);
    }
    const { request } = call;
    const chatRun = run as unknown as AttemptRun;
    if (stream !== undefined && (call.mode === "stream" || chat === undefined))
      return startStream(stream(request, told), abort, chatRun, work);
    return startReply(async () => end(chatRun, await chat?.(request, told)), abort, run, work);
  }
}

function isGenerator(value: unknown): value is AsyncGenerator<EventOf, EndOf, undefined> {
  return isObject(value) && typeof (value as { next?: unknown }).next === "function";
}

/** A generator of a kind's events. */
function startEvents(
  source: AsyncGenerator<EventOf, EndOf, undefined>,
  abort: AbortController,
  run: AttemptRun<Kind>,
  work: Work | undefined,
): Flow {
  return pump<EventOf, EndOf>(source, abort, {
    next(event) {
      run.touch();
      run.event(event);
      return run.over;
    },
    end: (end) => run.finish(end ?? ({} as EndOf)),
    fail: (error) => run.fail(error),
    work,
  });
}

function startStream(
  source: AsyncIterable<string | ChatEvent>,
  abort: AbortController,
  run: AttemptRun,
  work: Work | undefined,
): Flow {
  ignoreRejection(source);
  const text = new TextRuns(run);
  return pump<string | ChatEvent, CustomEnd>(source, abort, {
    next(value) {
      run.touch();
      if (typeof value === "string") text.add(value);
      else text.pass(value);
      return run.over;
    },
    end(result) {
      text.close();
      run.finish({ finishReason: "stop", ...(result ?? {}) });
    },
    fail: (error) => run.fail(error),
    work,
  });
}

/** Turns strings into text parts, between the events of the same stream. */
class TextRuns {
  private current: number | undefined;
  private next = 0;

  constructor(private readonly run: AttemptRun) {}

  add(text: string): void {
    if (this.current === undefined) {
      this.current = this.next++;
      this.run.event({ type: "part-start", index: this.current, part: { type: "text" } });
    }
    this.run.event({ type: "text-delta", index: this.current, text });
  }

  pass(event: ChatEvent): void {
    if (event.type === "part-start" || event.type === "part") {
      this.close();
      this.next = Math.max(this.next, event.index + 1);
    }
    this.run.event(event);
  }

  close(): void {
    if (this.current !== undefined) this.run.event({ type: "part-end", index: this.current });
    this.current = undefined;
  }
}

/** Runs a function one turn later: nothing may reach the sink before `open` has returned. */
function startReply(
  answer: () => Promise<void>,
  abort: AbortController,
  run: AttemptRun<Kind>,
  work: Work | undefined,
): Flow {
  const answered = Promise.resolve().then(answer);
  countWork(work, answered);
  answered.catch((error: unknown) => run.fail(AiLibError.from(error)));
  return {
    pause() {},
    resume() {},
    abort(reason) {
      abort.abort(reason);
      return undefined;
    },
  };
}

/** @throws {AiLibError} `INVALID_RESPONSE` without an answer. */
function answerOf<T>(reply: T | undefined, run: AttemptRun<Kind>): T {
  if (reply !== undefined && reply !== null) return reply;
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The provider "${run.provider}" returned no answer`,
  });
}

function end(run: AttemptRun, answer: CustomReply | undefined): void {
  const reply = answerOf(answer, run as unknown as AttemptRun<Kind>);
  if (isWhole(reply)) {
    // A whole response has facts besides its content, such as its cost and its warnings.
    for (const event of replayEvents(reply.content, reply)) run.event(event);
    for (const warning of reply.warnings) run.event({ type: "warning", warning });
    run.respond(reply);
    return;
  }
  const given = typeof reply === "string" ? { text: reply } : reply;
  const { finishReason, rawFinishReason, usage, id, model, warnings } = given;
  if (given.content !== undefined && !Array.isArray(given.content))
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `The provider "${run.provider}" returned a \`content\` that is not an array of parts; \`text\` takes a string`,
    });
  const content: readonly ContentPart[] =
    given.content ??
    (given.text === undefined || given.text === "" ? [] : [{ type: "text", text: given.text }]);
  run.reply({
    content,
    facts: {
      finishReason: finishReason ?? "stop",
      ...(rawFinishReason === undefined ? {} : { rawFinishReason }),
      ...(usage === undefined ? {} : { usage }),
      ...(id === undefined ? {} : { id }),
      ...(model === undefined ? {} : { model }),
    },
    ...(warnings === undefined ? {} : { warnings }),
  });
}

/** Whether a reply is a whole response, from a provider of this library. */
function isWhole(reply: CustomReply): reply is ChatResponse {
  return typeof reply === "object" && "usageStatus" in reply && "message" in reply && "warnings" in reply;
}
