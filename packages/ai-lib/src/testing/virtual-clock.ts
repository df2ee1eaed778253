import type { Clock } from "../core/contract/clock.js";
import { provideChatChecks, provideToolArguments } from "../core/kinds/chat/provide.js";
import { provideChatStreams } from "../core/kinds/chat/provide-streams.js";
import { costOf } from "../core/values/price.js";
import { limitReader, replyStreams } from "../providers/endpoint/exchange.js";
import { costs } from "../providers/endpoint/provider.js";
import { openReplyStream } from "../providers/endpoint/reply-stream.js";
import { rateLimits } from "../wire/rate-limits.js";

// A load takes turns of the machine and not of a clock.
provideChatChecks();
provideToolArguments();
provideChatStreams();
replyStreams.provide(openReplyStream);
limitReader.provide(rateLimits);
costs.provide(costOf);

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Resolves once every microtask that is queued now, and every one that those queue, has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    turns.push(resolve);
    channel ??= openChannel();
    channel.ref();
    channel.post();
  });
}

const turns: (() => void)[] = [];
let channel: { post(): void; ref(): void; unref(): void } | undefined;

/** A message to oneself is the one macrotask that every runtime has and that takes no time. */
function openChannel(): NonNullable<typeof channel> {
  const { port1, port2 } = new MessageChannel();
  // Node's port holds the process open while it listens; a browser's has no such thing.
  const inbox = port1 as unknown as { onmessage: () => void; ref?(): void; unref?(): void };
  const handle = {
    post: () => port2.postMessage(undefined),
    ref: () => inbox.ref?.(),
    unref: () => inbox.unref?.(),
  };
  inbox.onmessage = () => {
    turns.shift()?.();
    if (turns.length === 0) handle.unref();
  };
  return handle;
}

/**
 * Time that passes only when a test advances it. Hand it in as the `clock` of a call; timers then fire in the
 * order of their time, and among equals in the order in which they were set.
 */
export class VirtualClock implements Clock {
  private time: number;
  private set = 0;
  /** A binary heap by due time and order. */
  private readonly heap: Timer[] = [];
  private live = 0;

  /** @param start epoch milliseconds at which it starts. Default 0. */
  constructor(start = 0) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer: Timer = { due: this.time + Math.max(0, ms), order: this.set++, run, cancelled: false };
    this.push(timer);
    this.live++;
    return () => {
      if (timer.cancelled) return;
      timer.cancelled = true;
      this.live--;
    };
  }

  /** Timers that are set and have neither fired nor been cancelled. */
  get pending(): number {
    return this.live;
  }

  /** When the next timer fires, in epoch milliseconds; undefined for none. */
  get next(): number | undefined {
    return this.first()?.due;
  }

  /** Moves to the next timer's time and fires it, without letting anything else run. False where there is none. */
  step(): boolean {
    const timer = this.first();
    if (timer === undefined) return false;
    this.pop();
    this.time = Math.max(this.time, timer.due);
    timer.cancelled = true;
    this.live--;
    timer.run();
    return true;
  }

  /** Lets `ms` pass: each due timer fires at its time, and its consequences run before time continues. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await settled();
    for (;;) {
      const { next } = this;
      if (next === undefined || next > until) break;
      this.step();
      await settled();
    }
    this.time = until;
  }

  /**
   * Lets time pass until no timer is left.
   * @param limit milliseconds after which it stops in any case. Default one day.
   */
  async drain(limit = 86_400_000): Promise<void> {
    const until = this.time + limit;
    await settled();
    for (;;) {
      const { next } = this;
      if (next === undefined || next > until) return;
      this.step();
      await settled();
    }
  }

  private first(): Timer | undefined {
    while (this.heap[0]?.cancelled === true) this.pop();
    return this.heap[0];
  }

  private push(timer: Timer): void {
    const { heap } = this;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Timer;
      if (!earlier(timer, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && earlier(right, heap[child] as Timer)) child++;
      const below = heap[child] as Timer;
      if (!earlier(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}

function earlier(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}
