import type { CallContext } from "../contract/call.js";
import type { ResolvedTimeouts } from "../contract/timeouts.js";
import { AiLibError } from "../errors/error.js";
import type { TimeoutPhase } from "../values/error-code.js";
import { limitCall } from "./call-limits.js";

/** Whose limits a timer watches. */
interface Timed {
  readonly provider: string;
  /** Whether the attempt may be left for its silence: another target could answer, and this one is not known to think. */
  mayLeave(): boolean;
  /** A limit passed: the attempt ends, and its leaf's work is stopped. */
  timedOut(error: AiLibError): void;
}

/** The limits of an attempt; `connect` is the transport's, and `total` the call's. */
type AttemptPhase = Exclude<TimeoutPhase, "connect" | "total">;

/** What each limit is about, for the error. */
const WORDS: Readonly<Record<AttemptPhase, readonly [keyof ResolvedTimeouts, string]>> = {
  head: ["headMs", "No response arrived within headMs"],
  "first-content": ["firstContentMs", "No content arrived within firstContentMs"],
  answer: ["answerMs", "No answer arrived within answerMs"],
  idle: ["idleMs", "Nothing more arrived for idleMs"],
  stall: ["stallMs", "Bytes arrived without any content for stallMs"],
  attempt: ["attemptMs", "The attempt took longer than attemptMs"],
  stream: ["streamMs", "The stream took longer than streamMs"],
};

/**
 * The limits of one attempt; see `Timeouts`. One timer for whichever limit is next: activity moves numbers, not timers.
 */
export class AttemptTimer {
  private headSeen = false;
  // Fractions from the start on: a field that held anything else would make an object of each number stored in it.
  private lastByte = Number.NaN;
  private lastProgress = Number.NaN;
  private bytesSince = false;
  private committedAt: number | undefined;
  private paused = false;
  /** When its reader last stopped reading. */
  private pausedAt = 0;
  private over = false;
  private cancel: (() => void) | undefined;
  /** The limit that passes first, and when. */
  private next: AttemptPhase = "attempt";
  private nextAt = Number.NaN;

  constructor(
    private readonly context: CallContext,
    private readonly startedAt: number,
    private readonly streaming: boolean,
    private readonly timed: Timed,
  ) {
    this.lastByte = startedAt;
    this.lastProgress = startedAt;
  }

  /** The response's head arrived, or bytes of its body. Called for each read, not for each event. */
  touch(): void {
    // Bytes move no limit of a unary attempt.
    if (!this.streaming) return;
    this.headSeen = true;
    this.bytesSince = true;
    this.lastByte = this.context.clock.now();
  }

  /** Content arrived: the answer makes progress. Called for each content event after the first. */
  progress(): void {
    this.bytesSince = false;
    this.lastProgress = this.lastByte;
  }

  /** The first content arrived. A unary attempt ends at the same moment, so that no other limit begins. */
  commit(now: number): void {
    if (!this.streaming) return;
    this.committedAt = now;
    this.lastByte = now;
    this.lastProgress = now;
    this.bytesSince = false;
    this.arm(now);
  }

  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.pausedAt = this.context.clock.now();
  }

  resume(): void {
    this.paused = false;
    this.restartSilence();
  }

  stop(): void {
    this.over = true;
    this.cancel?.();
    this.cancel = undefined;
  }

  /** Sets the timer for the limit that is next; none where all are off. */
  arm(now: number): void {
    this.cancel?.();
    this.cancel = undefined;
    if (this.over) return;
    const at = this.due();
    if (at === Number.POSITIVE_INFINITY) return;
    this.cancel = limitCall(this.context, at, () => this.check(), now);
  }

  /** When the limit passes that passes first; {@link next} is that limit. Written out: each call comes here twice. */
  private due(): number {
    const { timeouts } = this.context;
    const { attemptMs, answerMs } = timeouts;
    this.next = "attempt";
    this.nextAt = this.startedAt + attemptMs;
    if (!this.streaming) this.consider(this.startedAt + answerMs, "answer");
    else {
      if (this.committedAt === undefined) {
        this.consider(this.startedAt + timeouts.firstContentMs, "first-content");
        if (!this.headSeen && !this.stays) this.consider(this.startedAt + timeouts.headMs, "head");
      } else {
        this.consider(this.committedAt + timeouts.streamMs, "stream");
        this.consider(this.lastByte + timeouts.idleMs, "idle");
      }
      this.consider(this.lastProgress + timeouts.stallMs, "stall");
    }
    return this.nextAt;
  }

  private consider(at: number, phase: AttemptPhase): void {
    if (at >= this.nextAt) return;
    this.nextAt = at;
    this.next = phase;
  }

  /** The limit of the head passed while no other member could answer: it is not applied again. */
  private stays = false;

  private restartSilence(): void {
    this.lastByte = this.context.clock.now();
    this.lastProgress = this.lastByte;
  }

  private check(): void {
    if (this.over) return;
    const { clock } = this.context;
    // A paused stream is silent because its reader is slow, not because the provider is.
    if (this.paused && this.committedAt !== undefined) {
      if (this.isForgotten(clock.now())) {
        this.endUnread();
        return;
      }
      this.restartSilence();
    }
    const at = this.due();
    const { next: phase } = this;
    const now = clock.now();
    if (now < at) {
      this.arm(now);
      return;
    }
    // Without a byte nothing stalls: silence has limits of its own.
    if (phase === "stall" && !this.bytesSince) this.lastProgress = now;
    else if (phase === "head" && !this.timed.mayLeave()) this.stays = true;
    else {
      this.end(phase);
      return;
    }
    this.arm(now);
  }

  /** A reader that was to be slow reads on; one that lost the stream holds its connection until here. */
  private isForgotten(now: number): boolean {
    const { deadline, timeouts } = this.context;
    return now >= deadline && now - this.pausedAt >= timeouts.idleMs;
  }

  private endUnread(): void {
    const { idleMs } = this.context.timeouts;
    const message = `Nothing was read from the stream for idleMs (${idleMs} ms) after totalMs`;
    this.timed.timedOut(new AiLibError({ code: "TIMEOUT", phase: "total", message, local: true }));
  }

  private end(phase: AttemptPhase): void {
    const [name, what] = WORDS[phase];
    const message = `${what} (${this.context.timeouts[name]} ms) from ${this.timed.provider}`;
    this.timed.timedOut(new AiLibError({ code: "TIMEOUT", phase, message }));
  }
}
