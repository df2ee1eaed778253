import { AiLibError, type Attempt, type ChatProvider, type Observer, systemClock } from "ai-lib";
import {
  type Call,
  type CallOptions,
  callWith,
  contextOf,
  type Flow,
  openMember,
  type Sink,
  Wrapper,
} from "ai-lib/kit";
import { configError } from "./config-error.js";

/** Options of {@link mirror}. */
export interface MirrorOptions {
  /** The share of the calls that is copied, from 0 to 1. Default 1. */
  readonly share?: number | undefined;
  /** Copies at a time; further calls are not copied. Default 100. */
  readonly maxRunning?: number | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set(["share", "maxRunning"] satisfies (keyof MirrorOptions)[]);

/** How a copy of a call ended. */
export interface CopyEnd {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly attempts: readonly Attempt[];
  /** Undefined for a copy that was answered. */
  readonly error: AiLibError | undefined;
}

/** A copy that may be made. */
export interface CopyRun {
  /** Called before each attempt of the copy, and may refuse it. */
  readonly beforeAttempt?: CallOptions["beforeAttempt"];
  /** Called once, perhaps after the call has ended. */
  ended(end: CopyEnd): void;
}

/** The observer of a call that admits the copies of it. */
export interface CopyObserver extends Observer {
  /**
   * A copy is about to begin.
   * @param abort ends it
   * @returns undefined to refuse it
   */
  beginCopy(abort: () => void): CopyRun | undefined;
}

/** Takes the answer to a copy, and drops it. */
class Dropped implements Sink {
  constructor(private readonly ended: (error?: AiLibError) => void) {}
  event(): void {}
  finish(): void {
    this.ended();
  }
  fail(error: AiLibError): void {
    this.ended(error);
  }
}

/** Whether a provider, or one within it, is a {@link mirror}. */
export function isMirrored(provider: ChatProvider): boolean {
  let found = known.get(provider);
  if (found === undefined) {
    found = provider instanceof Mirror || (provider.members ?? []).some(isMirrored);
    known.set(provider, found);
  }
  return found;
}

const NO_OBSERVER = {};

const known = new WeakMap<ChatProvider, boolean>();

/**
 * Sends a share of the calls to another provider as well. Its answers are dropped and its failures change nothing; they
 * cost tokens, which appear in metrics and traces. The observer of a call may admit its copies: see {@link CopyObserver}.
 * @throws {AiLibError} `CONFIG_ERROR` for an option that is unknown or out of range.
 */
export function mirror(
  inner: ChatProvider,
  to: ChatProvider,
  options: MirrorOptions | Readonly<Record<string, unknown>> = {},
): ChatProvider {
  for (const name of Object.keys(options))
    if (!OPTION_NAMES.has(name))
      throw configError(`Unknown option of mirror "${name}"; known are: share, maxRunning`);
  return new Mirror(inner, to, options as MirrorOptions);
}

class Mirror extends Wrapper {
  private running = 0;
  private readonly share: number;
  private readonly maxRunning: number;

  constructor(
    inner: ChatProvider,
    private readonly to: ChatProvider,
    { share = 1, maxRunning = 100 }: MirrorOptions,
  ) {
    super("mirror", inner);
    if (!(share >= 0 && share <= 1)) throw configError(`share must be from 0 to 1, not ${share}`);
    if (!(maxRunning >= 1)) throw configError(`maxRunning must be 1 or more, not ${maxRunning}`);
    this.share = share;
    this.maxRunning = maxRunning;
  }

  open(call: Call, sink: Sink): Flow {
    // The call comes first, so that a copy never takes the last room in a limit of its key.
    const flow = openMember(this.inner, call, sink);
    if (this.running < this.maxRunning && call.context.random() < this.share) this.copy(call);
    return flow;
  }

  private copy(call: Call): void {
    const { observer, timeouts, beforeAttempt } = call.context;
    let flow: Flow | undefined;
    const abort = () => {
      flow?.abort();
      ended(new AiLibError({ code: "CANCELLED", message: "The copy was aborted", local: true }));
    };
    const { beginCopy } = (observer ?? NO_OBSERVER) as Partial<CopyObserver>;
    const run = beginCopy === undefined ? { beforeAttempt, ended() {} } : beginCopy.call(observer, abort);
    if (run === undefined) return;
    const startedAt = systemClock.now();
    const context = contextOf({ observer, timeouts, beforeAttempt: run.beforeAttempt, clock: systemClock });
    let over = false;
    this.running++;
    const ended = (error?: AiLibError) => {
      if (over) return;
      over = true;
      this.running--;
      run.ended({ startedAt, error, attempts: context.attempts });
    };
    try {
      flow = openMember(
        this.to,
        callWith(call, { context, alternatives: undefined, wait: undefined }),
        new Dropped(ended),
      );
    } catch (error) {
      ended(AiLibError.from(error));
    }
  }

  override async close(): Promise<void> {
    await Promise.all([this.inner.close?.(), this.to.close?.()]);
  }
}
