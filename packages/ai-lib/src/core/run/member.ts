import type { Call, CallOptions, Work } from "../contract/call.js";
import { factsFor, modelOf } from "../contract/call-facts.js";
import { ignoreRejection } from "../contract/guard.js";
import { CHAT_ONLY, type ChatProvider, COUNTED } from "../contract/provider.js";
import { type Flow, failLater, GUARDED, type Sink } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import type { EventOf, Kind, RequestOf, ResponseOf } from "../values/kinds.js";
import type { Price } from "../values/model.js";
import type { Target } from "../values/target.js";
import type { AttemptRun } from "./attempt.js";
import { openAttempt } from "./open-attempt.js";

/**
 * Opens a call on any provider: what every layer calls for its members. A leaf of your own that is not built on this
 * library's classes is recorded and timed as an attempt here; one that lists `members` delegates, so that its members
 * are recorded and it is not. A provider without the call's kind fails locally with `UNSUPPORTED_FEATURE`.
 */
export function openMember(provider: ChatProvider, call: Call, sink: Sink): Flow {
  const lack = call.kind === "chat" ? undefined : missingKind(provider, call);
  if (lack !== undefined) return failLater(sink, lack);
  const guarded = isGuarded(sink) ? sink : new GuardedSink(sink, call);
  const counted = isCounted(provider);
  if (counted && provider.open !== undefined) return provider.open(call, guarded);
  if (counted || provider.members !== undefined)
    return startForeign(provider, call, new GuardedSink(guarded, call));
  const target = provider.target ?? { provider: provider.name };
  return openAttempt({ target, provider }, call, sink, (run) => startForeign(provider, call, sinkOf(run)));
}

// Reads and not `in`, which takes several times as long where each layer is of another class.

function isGuarded(sink: Sink): boolean {
  return (sink as { readonly [GUARDED]?: true })[GUARDED] === true;
}

function isCounted(provider: ChatProvider): boolean {
  return (provider as { readonly [COUNTED]?: true })[COUNTED] === true;
}

/**
 * Sits between code of the user and the rest of a call. Passes exactly one ending on and no event after it, and ends
 * the outermost call if the sink throws.
 */
class GuardedSink implements Sink {
  private over = false;

  constructor(
    private readonly sink: Sink,
    private readonly call: Call,
  ) {}

  get [GUARDED](): true {
    return true;
  }

  event(event: EventOf): void {
    if (this.over) return;
    try {
      ignoreRejection(this.sink.event(event));
    } catch (error) {
      this.fail(AiLibError.from(error));
    }
  }

  finish(response: ResponseOf): void {
    if (this.over) return;
    this.over = true;
    try {
      ignoreRejection(this.sink.finish(response));
    } catch (error) {
      this.breakOff(error);
    }
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    try {
      ignoreRejection(this.sink.fail(AiLibError.from(error)));
    } catch (thrown) {
      this.breakOff(thrown);
    }
  }

  private breakOff(error: unknown): void {
    this.call.context.outermost?.breakOff(AiLibError.from(error, "CONFIG_ERROR"));
  }
}

/** The kinds besides chat, each of which is a method of its name. */
const UNARY_KINDS = [
  "embed",
  "rerank",
  "moderate",
  "transcribe",
  "speak",
  "image",
  "ocr",
  "decide",
  "countTokens",
] as const satisfies readonly Kind[];

/** The kinds of call that a provider answers. One that does not say so has the kinds of its methods. */
export function kindsOf(provider: ChatProvider): ReadonlySet<string> {
  const told = provider.kinds?.();
  if (told !== undefined) return told;
  const methods = UNARY_KINDS.filter((kind) => provider[kind] !== undefined);
  return methods.length === 0 ? CHAT_ONLY : new Set(["chat", ...methods]);
}

/** The error of a call whose kind a provider lacks; undefined where it has the kind. */
export function missingKind(provider: ChatProvider, call: Call): AiLibError | undefined {
  const kinds = kindsOf(provider);
  if (kinds.has(call.kind)) return undefined;
  return new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `"${provider.name}" does not answer calls of the kind "${call.kind}"; it answers: ${[...kinds].join(", ")}`,
    target: provider.target,
    local: true,
  });
}

function sinkOf<K extends Kind>(run: AttemptRun<K>): Sink<K> {
  return {
    event: (event) => run.event(event),
    finish: (response) => run.respond(response),
    fail: (error) => run.fail(error),
  };
}

/** The flow that an `open` of the user returned. A promise is none: it cannot be stopped. */
export function openedFlow<F>(flow: F): F {
  ignoreRejection(flow);
  return flow;
}

/** A method of a provider that answers one unary kind. */
type AnswerKind = (request: RequestOf, options: CallOptions) => Promise<ResponseOf>;

/** Your own provider's `open`, or its method for the call's kind. */
function startForeign(provider: ChatProvider, call: Call, sink: Sink): Flow {
  if (provider.open !== undefined) return openedFlow(provider.open(call, sink));
  const abort = new AbortController();
  const options: CallOptions = { context: { ...call.context, signal: abort.signal } };
  if (call.mode === "unary" || call.kind !== "chat") {
    // Every unary kind is a method of its own name.
    const answer = (provider as unknown as Record<string, AnswerKind>)[call.kind];
    const answered = (async () => answer?.call(provider, call.request, options))();
    countWork(call.context.work, answered);
    return startPromise(answered, abort, sink);
  }
  const events = provider.stream(call.request, options);
  ignoreRejection(events);
  return pump(events, abort, {
    next(event) {
      if (event.type === "finish") sink.finish(event.response);
      else if (event.type === "ping") call.context.outermost?.alive();
      else sink.event(event);
      return event.type === "finish";
    },
    end() {
      sink.fail(
        new AiLibError({
          code: "STREAM_TRUNCATED",
          message: `The stream of "${provider.name}" ended without a finish event`,
        }),
      );
    },
    fail: (error) => sink.fail(error),
    work: call.context.work,
  });
}

/** Counts a function of the user as running until its promise settles. */
export function countWork(work: Work | undefined, running: Promise<unknown>): void {
  if (work === undefined) return;
  work.began();
  running.then(
    () => work.ended(),
    () => work.ended(),
  );
}

/** A call that is one promise. */
function startPromise(answer: Promise<ResponseOf | undefined>, abort: AbortController, sink: Sink): Flow {
  let silent = false;
  answer.then(
    (response) => {
      if (silent) return;
      if (response === undefined || response === null)
        sink.fail(new AiLibError({ code: "INVALID_RESPONSE", message: "The provider returned no answer" }));
      else sink.finish(response);
    },
    (error: unknown) => {
      if (!silent) sink.fail(AiLibError.from(error));
    },
  );
  return {
    pause() {},
    resume() {},
    abort(reason) {
      silent = true;
      abort.abort(reason);
      return undefined;
    },
  };
}

/** Where {@link pump} puts the values of an iterator. */
export interface PumpSink<T, R = unknown> {
  /** @returns true when that was the last: the iterator is closed. */
  next(value: T): boolean;
  /** The iterator returned. */
  end(result: R | undefined): void;
  fail(error: AiLibError): void;
  /** Counts the iterator as running until it has returned. */
  readonly work?: Work | undefined;
}

/**
 * Pulls an asynchronous iterable into a sink, one value at a time while it is not paused. An abort is passed to the
 * iterable and never waited for.
 */
export function pump<T, R>(
  source: AsyncIterable<T> | AsyncGenerator<T, R>,
  abort: AbortController,
  sink: PumpSink<T, R>,
): Flow {
  let over = false;
  let release: (() => void) | undefined;
  let gate: Promise<void> | undefined;
  const iterator = (source as AsyncIterable<T>)[Symbol.asyncIterator]() as AsyncIterator<T, R>;
  const { work } = sink;
  work?.began();
  let counted = true;
  const stopped = (): void => {
    if (counted) work?.ended();
    counted = false;
  };
  const close = () => {
    over = true;
    release?.();
    // Not awaited: a generator that ignores the abort must not delay the ending for the caller.
    try {
      Promise.resolve(iterator.return?.()).then(stopped, stopped);
    } catch {
      // An iterator of the user's own may throw here; the call has ended anyway.
      stopped();
    }
  };
  const run = async () => {
    // Nothing may reach the sink before `open` has returned.
    await undefined;
    try {
      while (!over) {
        // Paused again in the same turn as it was resumed, there is another gate by now.
        while (gate !== undefined && !over) await gate;
        if (over) return;
        const step = await iterator.next();
        if (over) return;
        if (step.done === true) {
          over = true;
          stopped();
          sink.end(step.value);
          return;
        }
        if (sink.next(step.value)) {
          close();
          return;
        }
      }
    } catch (error) {
      if (over) return;
      // Also if the sink could not take a value: the iterable must clean up.
      close();
      sink.fail(AiLibError.from(error));
    }
  };
  void run();
  return {
    pause() {
      gate ??= new Promise((resolve) => {
        release = resolve;
      });
    },
    resume() {
      gate = undefined;
      release?.();
    },
    abort(reason) {
      if (over) return undefined;
      abort.abort(reason);
      close();
      return undefined;
    },
  };
}

/** The one leaf that a provider represents, through any number of wrappers; undefined for a choice of several. */
function leafOf(provider: ChatProvider): ChatProvider | undefined {
  if (provider.target !== undefined) return provider;
  const [only, ...others] = provider.members ?? [];
  return only !== undefined && others.length === 0 ? leafOf(only) : undefined;
}

/** The target of the one leaf that a provider represents; undefined for a choice of several. */
export function targetOf(provider: ChatProvider): Target | undefined {
  return leafOf(provider)?.target;
}

/** The price of whichever model a provider would use for a call: the call's own prices before the provider's. */
export function priceFor(provider: ChatProvider, call: Call): Price | undefined {
  const { prices, clock } = call.context;
  const leaf = prices === undefined ? undefined : leafOf(provider);
  const target = leaf?.target;
  const model = modelOf(call) ?? target?.model;
  const own =
    target === undefined || model === undefined
      ? undefined
      : prices?.price(target.provider, model, clock.now(), leaf?.priceId);
  return own ?? factsFor(provider, call)?.price;
}
