import type { Call } from "../../core/contract/call.js";
import type { DialectTarget, Job, JobCodec, JobStep, KindCodec } from "../../core/contract/dialect.js";
import { abortFlow } from "../../core/contract/flows.js";
import type { Flow } from "../../core/contract/sink.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { DEFAULT_POLL, isPassing, MAX_POLL_FAILURES, pollDelay } from "../../core/run/poll.js";
import type { Kind, ReplyOf } from "../../core/values/kinds.js";
import { retryAfter } from "../../core/values/retry-time.js";
import type { PieceRun } from "./pieces.js";
import { stepCodec } from "./step-codec.js";

/** Milliseconds for the request that stops an abandoned job. */
const CANCEL_MS = 10_000;

/** Opens one exchange of a job: `codec` reads its reply, and `run` receives the result. */
type OpenExchange = (http: HttpRequest, codec: KindCodec<Kind>, run: PieceRun) => Flow;

/** A step, and how long to wait after it. */
interface TimedStep {
  readonly step: JobStep<ReplyOf>;
  readonly afterMs: number | undefined;
}

/**
 * Runs a job as one attempt: starts it, polls it until it is done, and stops it at the vendor if the attempt ends
 * before. A poll that fails temporarily is repeated: the job continues meanwhile, and a new one would be paid twice.
 */
export function openJob(
  codec: JobCodec<Kind>,
  first: HttpRequest,
  call: Call,
  run: PieceRun,
  target: DialectTarget,
  open: OpenExchange,
): Flow {
  const job = new JobRun(codec, call, run, target, open);
  job.begin(first);
  return job;
}

class JobRun implements Flow {
  private job: Job | undefined;
  private asked = 0;
  private failures = 0;
  private over = false;
  private flow: Flow | undefined;
  private cancelWait: (() => void) | undefined;

  constructor(
    private readonly codec: JobCodec<Kind>,
    private readonly call: Call,
    private readonly run: PieceRun,
    private readonly target: DialectTarget,
    private readonly open: OpenExchange,
  ) {}

  begin(first: HttpRequest): void {
    this.send(first, (reply, target) => this.codec.begin(reply, target, this.call.request));
  }

  private ask(job: Job): void {
    if (this.over) return;
    try {
      this.send(this.codec.next(job, this.target), (reply, target) => this.codec.read(reply, job, target));
    } catch (error) {
      this.end(AiLibError.from(error, "INVALID_RESPONSE"));
    }
  }

  private send(http: HttpRequest, read: (reply: HttpReply, target: DialectTarget) => JobStep<ReplyOf>): void {
    const { context } = this.call;
    const codec = stepCodec((reply, target) => {
      const now = context.clock.now();
      const at = retryAfter(reply.headers, now);
      const timed: TimedStep = {
        step: read(reply, target),
        afterMs: at === undefined ? undefined : Math.max(0, at - now),
      };
      return timed;
    });
    this.flow = this.open(http, codec, this.stepRun());
  }

  /** The attempt for one exchange of the job. */
  private stepRun(): PieceRun {
    const { run } = this;
    let settled = false;
    const once = (then: () => void): void => {
      if (settled || this.over) return;
      settled = true;
      then();
    };
    return {
      get over() {
        return settled;
      },
      size: 0,
      set rateLimits(limits: PieceRun["rateLimits"]) {
        run.rateLimits = limits;
      },
      set secrets(secrets: PieceRun["secrets"]) {
        run.secrets = secrets;
      },
      set raw(raw: unknown) {
        run.raw = raw;
      },
      touch: () => run.touch(),
      replied: (requestId, headers) => run.replied(requestId, headers),
      warn: (warning) => run.warn(warning),
      reply: (reply) => once(() => this.step(reply as unknown as TimedStep)),
      fail: (error) => once(() => this.failed(error)),
    };
  }

  private step({ step, afterMs }: TimedStep): void {
    this.failures = 0;
    if (step.state === "cancelled") {
      this.end(step.error);
      return;
    }
    if (step.state === "done") {
      this.over = true;
      this.run.reply(step.reply);
      return;
    }
    this.job = step.job;
    if (step.now === true) this.ask(step.job);
    else this.wait(step.job, afterMs);
  }

  private wait(job: Job, afterMs: number | undefined): void {
    const { clock, random } = this.call.context;
    const delay = pollDelay(DEFAULT_POLL, this.asked++, random, afterMs);
    this.cancelWait = clock.after(delay, () => this.ask(job));
  }

  private failed(error: AiLibError): void {
    const { job } = this;
    if (job === undefined || !isPassing(error) || ++this.failures >= MAX_POLL_FAILURES) {
      this.end(error);
      return;
    }
    const { clock } = this.call.context;
    this.wait(job, error.retryAt === undefined ? undefined : Math.max(0, error.retryAt - clock.now()));
  }

  private end(error: AiLibError): void {
    this.over = true;
    this.run.fail(error);
  }

  /** A job is polled at its own times; there is nothing to pause. */
  pause(): void {}

  resume(): void {}

  abort(reason?: unknown): undefined {
    if (this.over) return;
    this.over = true;
    this.cancelWait?.();
    abortFlow(this.flow, reason);
    this.cancelJob();
  }

  /** Stops the job at the vendor. The reply is not awaited, and a refusal changes nothing. */
  private cancelJob(): void {
    const { job, codec, target } = this;
    if (job === undefined) return;
    const { clock } = this.call.context;
    let stopTimer: (() => void) | undefined;
    const settle = (): void => stopTimer?.();
    try {
      const http = codec.cancel?.(job, target);
      if (http === undefined) return;
      const flow = this.open(http, IGNORED, silentRun(settle));
      stopTimer = clock.after(CANCEL_MS, () => abortFlow(flow));
    } catch {
      // The call has ended. If the job continues, that is not an error of the caller.
    }
  }
}

const IGNORED = stepCodec(() => undefined);

function silentRun(settle: () => void): PieceRun {
  return {
    over: false,
    size: 0,
    rateLimits: undefined,
    secrets: undefined,
    raw: undefined,
    touch() {},
    replied() {},
    warn() {},
    reply: settle,
    fail: settle,
  };
}
