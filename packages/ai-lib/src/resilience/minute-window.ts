/** What one call took of a minute. */
export interface Share {
  readonly at: number;
  requests: number;
  tokens: number;
  /** It has left the window. */
  gone: boolean;
}

const MINUTE_MS = 60_000;

/**
 * Requests and tokens of the last sixty seconds, exactly: in no minute, wherever it begins, are the limits passed.
 * Times are epoch milliseconds and never go back.
 */
export class MinuteWindow {
  private shares: Share[] = [];
  private head = 0;
  private requests = 0;
  private tokens = 0;

  /** `Infinity` for a limit that is not set. */
  constructor(
    private readonly maxRequests: number,
    private readonly maxTokens: number,
  ) {}

  /** What is taken of the last minute now. */
  taken(now: number): { readonly requests: number; readonly tokens: number } {
    this.forget(now);
    return { requests: this.requests, tokens: this.tokens };
  }

  /** Takes one request and so many tokens. */
  take(now: number, tokens: number): Share {
    const share: Share = { at: now, requests: 1, tokens, gone: false };
    this.shares.push(share);
    this.requests++;
    this.tokens += tokens;
    return share;
  }

  /** Corrects what a call took, where that is still within the window. */
  correct(share: Share, requests: number, tokens: number): void {
    if (share.gone) return;
    this.requests += requests - share.requests;
    this.tokens += tokens - share.tokens;
    share.requests = requests;
    share.tokens = tokens;
  }

  /** Whether a call with so many tokens can go now. */
  admits(now: number, tokens: number): boolean {
    this.forget(now);
    return this.fits(this.requests, this.tokens, tokens);
  }

  /**
   * When the last of several calls can go that go one after another, each with its tokens. One that is larger than
   * the limit itself goes when the window is empty: whether it is too large is for the provider to say.
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

  private fits(requests: number, tokens: number, demand: number): boolean {
    return requests + 1 <= this.maxRequests && (tokens + demand <= this.maxTokens || tokens <= 0);
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
