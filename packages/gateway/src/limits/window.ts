import type { Period } from "../keys/record.js";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Milliseconds of a period that rolls, and of the slices in which it is counted. A slice leaves as a whole. */
const ROLLING: Readonly<Record<Exclude<Period, "total">, { readonly ms: number; readonly sliceMs: number }>> =
  {
    minute: { ms: MINUTE_MS, sliceMs: SECOND_MS },
    hour: { ms: HOUR_MS, sliceMs: MINUTE_MS },
    day: { ms: DAY_MS, sliceMs: HOUR_MS / 4 },
    month: { ms: 30 * DAY_MS, sliceMs: 6 * HOUR_MS },
  };

/** A part of a window, which leaves it as a whole. Times are epoch milliseconds. */
export interface Slice {
  readonly from: number;
  /** The first moment that belongs to the next slice. */
  readonly to: number;
  /** The first moment at which it is outside of the window. */
  readonly leavesAt: number;
  /** What ended calls used that began within it. */
  used: number;
  /** What running calls hold that began within it. */
  held: number;
  /** It has left the window: what changes in it counts no more. */
  gone: boolean;
}

type Bounds = Pick<Slice, "from" | "to" | "leavesAt">;

/**
 * What was used and is held in one window: the current minute, hour, day or month in UTC, the time before now, or all
 * time. A call counts where it began, however long it runs. A window that rolls is counted in slices; one that is partly
 * outside counts as inside, so that no period of that length ever has more than the limit.
 */
export class Window {
  private readonly slices: Slice[] = [];
  private total = 0;
  private totalHeld = 0;

  constructor(
    private readonly per: Period,
    private readonly rolling: boolean,
  ) {}

  /** What ended calls used. */
  used(now: number): number {
    this.forget(now);
    return this.total - this.totalHeld;
  }

  /** What running calls hold. */
  held(now: number): number {
    this.forget(now);
    return this.totalHeld;
  }

  /** What ended calls used and running calls hold, together. */
  taken(now: number): number {
    this.forget(now);
    return this.total;
  }

  /** Takes an amount for a running call. */
  hold(now: number, amount: number): Slice {
    this.forget(now);
    const slice = this.current(now);
    this.change(slice, 0, amount);
    return slice;
  }

  /** Changes what a slice has; without effect on the window once the slice has left it. */
  change(slice: Slice, used: number, held: number): void {
    slice.used += used;
    slice.held += held;
    if (slice.gone) return;
    this.total += used + held;
    this.totalHeld += held;
  }

  /** Adds what was used at an earlier time. */
  restore(now: number, at: number, used: number): void {
    const slice = this.sliceAt(now, at);
    if (slice !== undefined) this.change(slice, used, 0);
  }

  /**
   * When an amount fits, if nothing else is taken until then: the time at which enough slices have left.
   * @returns undefined where it never does
   */
  roomAt(now: number, amount: number, max: number): number | undefined {
    this.forget(now);
    if (amount > max) return undefined;
    let left = this.total;
    if (left + amount <= max) return now;
    for (const { used, held, leavesAt } of this.slices) {
      left -= used + held;
      if (left + amount <= max) return leavesAt === Number.POSITIVE_INFINITY ? undefined : leavesAt;
    }
    return undefined;
  }

  /** When the next slice leaves; undefined where there is none, and for all time. */
  nextLeave(now: number): number | undefined {
    this.forget(now);
    const leavesAt = this.slices[0]?.leavesAt;
    return leavesAt === Number.POSITIVE_INFINITY ? undefined : leavesAt;
  }

  /** What was used, by the beginnings of slices. */
  history(now: number): readonly { readonly at: number; readonly used: number }[] {
    this.forget(now);
    return this.slices.filter(({ used }) => used > 0).map(({ from, used }) => ({ at: from, used }));
  }

  /** The slice of an earlier time; undefined where it has left the window. */
  sliceAt(now: number, at: number): Slice | undefined {
    this.forget(now);
    const bounds = this.bounds(Math.min(at, now));
    if (bounds.leavesAt <= now) return undefined;
    const place = this.slices.findIndex((one) => one.from >= bounds.from);
    const known = this.slices[place];
    if (known?.from === bounds.from) return known;
    const slice: Slice = { ...bounds, used: 0, held: 0, gone: false };
    this.slices.splice(place === -1 ? this.slices.length : place, 0, slice);
    return slice;
  }

  private current(now: number): Slice {
    const last = this.slices.at(-1);
    // A clock that was set back goes on in the slice that there is.
    if (last !== undefined && now < last.to) return last;
    const slice: Slice = { ...this.bounds(now), used: 0, held: 0, gone: false };
    this.slices.push(slice);
    return slice;
  }

  private bounds(at: number): Bounds {
    const { per } = this;
    if (per === "total") return { from: 0, to: Number.POSITIVE_INFINITY, leavesAt: Number.POSITIVE_INFINITY };
    if (!this.rolling) return alignedBounds(per, at);
    const { ms, sliceMs } = ROLLING[per];
    const from = Math.floor(at / sliceMs) * sliceMs;
    return { from, to: from + sliceMs, leavesAt: from + sliceMs + ms };
  }

  private forget(now: number): void {
    for (let first = this.slices[0]; first !== undefined && first.leavesAt <= now; first = this.slices[0]) {
      first.gone = true;
      this.total -= first.used + first.held;
      this.totalHeld -= first.held;
      this.slices.shift();
    }
  }
}

/** The beginning of the window of a period at a time: what a history must reach back to. */
export function windowStart(per: Exclude<Period, "total">, rolling: boolean, now: number): number {
  return rolling ? now - ROLLING[per].ms - ROLLING[per].sliceMs : alignedBounds(per, now).from;
}

function alignedBounds(per: Exclude<Period, "total">, at: number): Bounds {
  switch (per) {
    case "minute":
      return evenBounds(at, MINUTE_MS);
    case "hour":
      return evenBounds(at, HOUR_MS);
    case "day":
      return evenBounds(at, DAY_MS);
    case "month": {
      const date = new Date(at);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      const to = Date.UTC(year, month + 1);
      return { from: Date.UTC(year, month), to, leavesAt: to };
    }
    default: {
      const never: never = per;
      throw new TypeError(`Unknown period ${String(never)}`);
    }
  }
}

function evenBounds(at: number, ms: number): Bounds {
  const from = Math.floor(at / ms) * ms;
  return { from, to: from + ms, leavesAt: from + ms };
}
