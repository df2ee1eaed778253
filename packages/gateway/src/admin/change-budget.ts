import { AdminError } from "./errors.js";

const MINUTE_MS = 60_000;

/** The most principals whose changes are counted. */
const MAX_PRINCIPALS = 10_000;

/** Limits how many changes each principal makes in a minute, so that a faulty script does not flood the store. */
export class ChangeBudget {
  private readonly counts = new Map<string, { readonly minute: number; count: number }>();

  /** @param perMinute at least 1 */
  constructor(private readonly perMinute: number) {}

  /** Counts a change. @throws {AdminError} `rate_limited` */
  take(principal: string, now: number): void {
    const minute = Math.floor(now / MINUTE_MS);
    const known = this.counts.get(principal);
    const count = known?.minute === minute ? known.count : 0;
    if (count >= this.perMinute) {
      const seconds = Math.max(1, Math.ceil(((minute + 1) * MINUTE_MS - now) / 1_000));
      throw new AdminError("rate_limited", `At most ${this.perMinute} changes a minute are allowed`, {
        headers: { "retry-after": String(seconds) },
      });
    }
    this.counts.delete(principal);
    this.counts.set(principal, { minute, count: count + 1 });
    const [oldest] = this.counts.keys();
    if (this.counts.size > MAX_PRINCIPALS && oldest !== undefined) this.counts.delete(oldest);
  }
}
