import { countedBy } from "../keys/counted.js";
import type { GroupRecord, KeyRecord, Limit, NodeRecord } from "../keys/record.js";
import { type Bucket, type LimitNode, maxOf, NANO } from "./bucket.js";
import type { Counters } from "./counters.js";
import type { LimitState } from "./limit-state.js";
import { isListed } from "./names.js";

/** One limit on the way from a key to its outermost group. */
export interface ChainLimit {
  readonly node: LimitNode;
  readonly limit: Limit;
  readonly bucket: Bucket;
  /** In the unit of the bucket. */
  readonly max: number;
}

/** The limits of a key and of its groups, the outermost first. */
export function chainOf(
  key: KeyRecord,
  path: readonly GroupRecord[],
  counters: Counters,
): readonly ChainLimit[] {
  return [...chainOfGroups(path, counters), ...limitsAt("key", key, counters)];
}

/** The limits of groups. */
export function chainOfGroups(path: readonly GroupRecord[], counters: Counters): readonly ChainLimit[] {
  return path.flatMap((group) => limitsAt("group", group, counters));
}

function limitsAt(
  kind: LimitNode["kind"],
  { id, limits = [] }: NodeRecord,
  counters: Counters,
): readonly ChainLimit[] {
  const node: LimitNode = { kind, id };
  return limits.map((limit) => ({
    ...{ node, limit },
    bucket: counters.bucket(node, countedBy(limit)),
    max: maxOf(limit),
  }));
}

/** Whether a limit counts the calls of a route. */
export function counts({ limit }: ChainLimit, route: string): boolean {
  return isListed(limit.routes, route);
}

/** What a limit's bucket counts in one unit of the limit. */
export function scaleOf({ limit }: ChainLimit): number {
  return limit.dollars === undefined ? 1 : NANO;
}

/** How full a limit is. */
export function stateOf(one: ChainLimit, now: number): LimitState {
  const { node, limit, bucket, max } = one;
  const scale = scaleOf(one);
  const resetAt = bucket.nextLeave(now);
  return {
    ...{ node, limit, bucket: bucket.name, max: max / scale },
    used: bucket.used(now) / scale,
    reserved: bucket.held(now) / scale,
    ...(resetAt !== undefined && { resetAt }),
  };
}
