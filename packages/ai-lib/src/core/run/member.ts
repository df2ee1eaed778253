import type { Call } from "../contract/call.js";
import type { ChatProvider, Target } from "../contract/provider.js";
import type { EventSink, Flow } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import { factsFor, modelOf } from "../kinds/chat/needs.js";
import type { Price } from "../values/model.js";
import { type AttemptRun, openAttempt } from "./attempt.js";
import { COUNTED } from "./compose.js";

/**
 * Opens a call on any provider: what every layer calls for its members. A leaf of the user's own that is not
 * built on this library's is counted, timed and recorded as an attempt here; one that lists `members` delegates,
 * so that its members are counted and it is not.
 */
export function openMember(provider: ChatProvider, call: Call, sink: EventSink): Flow {
  const counted = COUNTED in provider || provider.members !== undefined;
  if (counted && provider.open !== undefined) return provider.open(call, sink);
  if (counted) return startForeign(provider, call, sink);
  const target = provider.target ?? { provider: provider.name };
  return openAttempt({ target, provider }, call, sink, (run) => startForeign(provider, call, sinkOf(run)));
}

function sinkOf(run: AttemptRun): EventSink {
  return {
    event: (event) => run.event(event),
    finish: (response) => run.respond(response),
    fail: (error) => run.fail(error),
  };
}

/** A foreign object's own `open`, or its `chat` and `stream` driven as one. */
function startForeign(provider: ChatProvider, call: Call, sink: EventSink): Flow {
  if (provider.open !== undefined) return provider.open(call, sink);
  const abort = new AbortController();
  const context = { ...call.context, signal: abort.signal };
  if (call.mode === "unary") {
    let silent = false;
    provider.chat(call.request, { context }).then(
      (response) => {
        if (!silent) sink.finish(response);
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
  const events = provider.stream(call.request, { context });
  return pump(events, abort, {
    next(event) {
      if (event.type === "finish") sink.finish(event.response);
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
  });
}

/** Where {@link pump} puts what an iterator yields. */
export interface PumpSink<T, R = unknown> {
  /** @returns true when that was the last: the iterator is closed. */
  next(value: T): boolean;
  /** The iterator returned. */
  end(result: R | undefined): void;
  fail(error: AiLibError): void;
}

/**
 * Pulls an asynchronous iterable into a sink, one value at a time while it is not paused. An abort is told to the
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
  const close = () => {
    over = true;
    release?.();
    // Not awaited: a generator that ignores the abort must not hold up the caller's ending.
    try {
      Promise.resolve(iterator.return?.()).then(undefined, () => {});
    } catch {
      // An iterator of the user's own may throw here; the call is over all the same.
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
      // Also where the sink could not take a value: whoever made it is to clean up.
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

/** The one leaf target that a provider stands for, through any number of wrappers; undefined for a choice of several. */
export function targetOf(provider: ChatProvider): Target | undefined {
  if (provider.target !== undefined) return provider.target;
  const [only, ...others] = provider.members ?? [];
  return only !== undefined && others.length === 0 ? targetOf(only) : undefined;
}

/** The price of whichever model a provider would use for a call: the call's own prices before the provider's. */
export function priceFor(provider: ChatProvider, call: Call): Price | undefined {
  const { prices, clock } = call.context;
  const target = prices === undefined ? undefined : targetOf(provider);
  const model = modelOf(call) ?? target?.model;
  const own =
    target === undefined || model === undefined
      ? undefined
      : prices?.price(target.provider, model, clock.now());
  return own ?? factsFor(provider, call)?.price;
}
