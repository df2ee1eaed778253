import { z } from "zod";
import type { Counted } from "../keys/counted.js";
import type { LimitNode } from "./bucket.js";

const amount = z.number().nonnegative();

const bucket = {
  node: z.object({ kind: z.enum(["key", "group"]), id: z.string() }),
  counts: z.object({
    unit: z.enum(["requests", "tokens", "dollars", "concurrent"]),
    per: z.enum(["minute", "hour", "day", "month", "total"]).optional(),
    rolling: z.boolean(),
    routes: z.array(z.string()).optional(),
  }),
};

const Snapshot = z.object({
  buckets: z.array(z.object({ ...bucket, used: z.array(z.object({ at: amount, used: amount })) })),
  running: z.array(
    z.object({
      at: amount,
      expiresAt: amount,
      demands: z.array(z.object({ ...bucket, max: amount, amount })),
    }),
  ),
});

/** What the counters of a process were. Plain JSON. */
export interface CountersSnapshot {
  /** What ended calls used, by the beginnings of slices. */
  readonly buckets: readonly (Described & { readonly used: readonly { at: number; used: number }[] })[];
  /** What running calls hold. */
  readonly running: readonly {
    readonly at: number;
    readonly expiresAt: number;
    readonly demands: readonly (Described & { readonly max: number; readonly amount: number })[];
  }[];
}

interface Described {
  readonly node: LimitNode;
  readonly counts: Counted;
}

/** Reads a snapshot; undefined for what is none, such as that of another version. */
export function readSnapshot(value: unknown): CountersSnapshot | undefined {
  const { data } = Snapshot.safeParse(value);
  if (data === undefined) return undefined;
  return {
    buckets: data.buckets.map(({ node, counts, used }) => ({ node, counts: countedOf(counts), used })),
    running: data.running.map(({ demands, ...times }) => ({
      ...times,
      demands: demands.map(({ counts, ...rest }) => ({ ...rest, counts: countedOf(counts) })),
    })),
  };
}

function countedOf({ unit, per, rolling, routes }: z.output<typeof bucket.counts>): Counted {
  return { unit, per, rolling, routes };
}
