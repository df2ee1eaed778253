import type { CallOptions } from "../../core/contract/call.js";
import { type Clock, systemClock } from "../../core/contract/clock.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import type { ChatStream } from "../../core/contract/stream.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import { ConformanceFailure } from "./expect.js";

/** What a case receives besides the provider. */
export interface SubjectOptions {
  /** Milliseconds that one answer may take. */
  readonly answerMs: number;
  /** Milliseconds within which an abort or a passed deadline must have ended a call. */
  readonly promptMs: number;
  /** The same endpoint with a wrong key. */
  readonly wrongKey?: ChatProvider | undefined;
  /** Tokens that are surely too many for the model. */
  readonly tooLongTokens?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** The provider under test, with a watch on everything that it is asked: nothing that a case awaits can hang. */
export class Subject {
  readonly clock: Clock;

  constructor(
    readonly provider: ChatProvider,
    readonly options: SubjectOptions,
  ) {
    this.clock = options.clock ?? systemClock;
  }

  /** A whole answer. */
  chat(request: ChatRequest, options?: CallOptions): Promise<ChatResponse> {
    return this.within(this.options.answerMs, "the answer", this.provider.chat(request, options));
  }

  /** An answer as it comes; read it with `read` of `reading.ts`, which has a watch of its own. */
  stream(request: ChatRequest, options?: CallOptions): ChatStream {
    return this.provider.stream(request, options);
  }

  /** What a promise settles to, or a failure when it does not settle in time. */
  within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(ms, () =>
        reject(new ConformanceFailure(`${what} did not come within ${ms} ms`)),
      );
      promise.then(resolve, reject).finally(cancel);
    });
  }

  /** A pause, for whatever may come late. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.after(ms, resolve);
    });
  }
}
