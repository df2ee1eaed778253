import type { Cell } from "../core/contract/state.js";
import { asArray, asNumber, asObject, type Json } from "../core/values/json.js";

/** What one call took of a minute. */
export interface Share {
  readonly at: number;
  requests: number;
  tokens: number;
  /** It has left the window. */
  gone: boolean;
}

const MINUTE_MS = 60_000;

/** A snapshot holds one entry for each second. */
const SECOND_MS = 1_000;
const MAX_RESTORED = 61;

/**
 * Counts requests and tokens of the last sixty seconds exactly: the limits hold in every minute, wherever it begins.
 * Times are epoch milliseconds and never go back.
 */
export class MinuteWindow implements Cell {
  private shares: Share[] = [];
  private head = 0;
  private requests = 0;
  private tokens = 0;
  private usableRequests: number;
  private usableTokens: number;
  private readonly listeners = new Map<(now: number) => void, () => number>();

  /** `Infinity` for a limit that is not set. */
  constructor(
    private readonly maxRequests: number,
    private readonly maxTokens: number,
  ) {
    this.usableRequests = maxRequests;
    this.usableTokens = maxTokens;
  }

  /** What was taken in the minute before a time. */
  taken(now: number): { readonly requests: number; readonly tokens: number } {
    this.forget(now);
    return { requests: this.requests, tokens: this.tokens };
  }

  /** Takes one request and so many tokens. */
  take(now: number, tokens: number): Share {
    const share: Share = { at: now, requests: 1, tokens, gone: false };
    this.add(share);
    return share;
  }

  /** Corrects what a call took, where that is still within the window, and lets waiting calls try again. */
  correct(now: number, share: Share, requests: number, tokens: number): void {
    if (!share.gone) {
      this.requests += requests - share.requests;
      this.tokens += tokens - share.tokens;
      share.requests = requests;
      share.tokens = tokens;
    }
    this.notify(now);
  }

  /**
   * Calls a listener whenever a call may pass earlier than {@link MinuteWindow.when} returned.
   * @param waiting how many calls the listener waits with
   * @returns ends the subscription
   */
  subscribe(listener: (now: number) => void, waiting: () => number): () => void {
    this.listeners.set(listener, waiting);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Whether a call with so many tokens can go now. */
  admits(now: number, tokens: number): boolean {
    this.forget(now);
    return this.fits(this.requests, this.tokens, tokens);
  }

  /**
   * When the last of several calls can go that go one after another, each with its tokens. A call larger than the limit
   * itself goes when the window is empty: whether it is too large is for the provider to say.
   */
  when(now: number, demands: Iterable<number>): number {
    this.forget(now);
    const ahead = this.shares.slice(this.head);
    let { requests, tokens } = this;
    let time = now;
    let leaving = 0;
    for (const demand of demands) {
      while (!this.fits(requests, tokens, demand)) {
        const share = ahead[leaving++];
        if (share === undefined) break;
        time = Math.max(time, share.at + MINUTE_MS);
        requests -= share.requests;
        tokens -= share.tokens;
      }
      ahead.push({ at: time, requests: 1, tokens: demand, gone: false });
      requests++;
      tokens += demand;
    }
    return time;
  }

  snapshot(now: number): Json | undefined {
    this.forget(now);
    const seconds: { at: number; requests: number; tokens: number }[] = [];
    for (const { at, requests, tokens } of this.shares.slice(this.head)) {
      const last = seconds.at(-1);
      if (last === undefined || Math.floor(last.at / SECOND_MS) !== Math.floor(at / SECOND_MS))
        seconds.push({ at, requests, tokens });
      else {
        // The later time, so that the limit also holds after a restart.
        last.at = at;
        last.requests += requests;
        last.tokens += tokens;
      }
    }
    return seconds.length === 0 ? undefined : seconds;
  }

  restore(snapshot: Json, now: number): void {
    for (const share of this.shares.slice(this.head)) share.gone = true;
    this.shares = [];
    this.head = 0;
    this.requests = 0;
    this.tokens = 0;
    const known = asArray(snapshot)
      .slice(-MAX_RESTORED)
      .flatMap((one) => {
        const at = asNumber(asObject(one)?.["at"]);
        const requests = asNumber(asObject(one)?.["requests"]) ?? 0;
        const tokens = asNumber(asObject(one)?.["tokens"]) ?? 0;
        if (at === undefined || at > now || requests < 0 || tokens < 0) return [];
        return [{ at, requests, tokens, gone: false }];
      });
    for (const share of known.sort((a, b) => a.at - b.at)) this.add(share);
    this.notify(now);
  }

  demand(now: number): number {
    let waiting = 0;
    for (const count of this.listeners.values()) waiting += count();
    return this.taken(now).requests + waiting;
  }

  lease(share: number, now: number): void {
    this.usableRequests = atLeastOne(this.maxRequests * share);
    this.usableTokens = atLeastOne(this.maxTokens * share);
    this.notify(now);
  }

  private add(share: Share): void {
    this.shares.push(share);
    this.requests += share.requests;
    this.tokens += share.tokens;
  }

  private notify(now: number): void {
    if (this.listeners.size === 0) return;
    for (const listener of [...this.listeners.keys()]) listener(now);
  }

  private fits(requests: number, tokens: number, demand: number): boolean {
    return requests + 1 <= this.usableRequests && (tokens + demand <= this.usableTokens || tokens <= 0);
  }

  private forget(now: number): void {
    for (;;) {
      const share = this.shares[this.head];
      if (share === undefined || now < share.at + MINUTE_MS) break;
      share.gone = true;
      this.requests -= share.requests;
      this.tokens -= share.tokens;
      this.head++;
    }
    if (this.head > 1_000 && this.head * 2 > this.shares.length) {
      this.shares = this.shares.slice(this.head);
      this.head = 0;
    }
  }
}

function atLeastOne(limit: number): number {
  return Math.max(1, limit === Number.POSITIVE_INFINITY ? limit : Math.floor(limit));
}
