import type { Limit, Period } from "./record.js";

/** The unit that a limit counts in. */
export type Unit = "requests" | "tokens" | "dollars" | "concurrent";

/** What a limit counts, whatever its maximum is. */
export interface Counted {
  readonly unit: Unit;
  /** Undefined for `concurrent`. */
  readonly per: Period | undefined;
  readonly rolling: boolean;
  readonly routes: readonly string[] | undefined;
}

/** What a limit counts. */
export function countedBy(limit: Limit): Counted {
  const { per, window, routes } = limit;
  return { unit: unitOf(limit), per, rolling: window === "rolling", routes };
}

/** Whether the past of a count is read. Minutes are shorter than a restart, and no call runs on after one. */
export function isRead({ per }: Counted): boolean {
  return per !== undefined && per !== "minute";
}

/** The identity of a count, as a text: equal texts share a count. */
export function nameOf({ unit, per, rolling, routes }: Counted): string {
  const period = per === undefined ? "" : ` per ${per}${rolling ? ", rolling" : ""}`;
  return `${unit}${routes === undefined ? "" : ` of ${[...routes].sort().join(", ")}`}${period}`;
}

/** The index of a limit that counts what an earlier one counts; undefined where there is none. */
export function sameLimit(limits: readonly Limit[]): number | undefined {
  const seen = new Set<string>();
  const index = limits.findIndex((limit) => {
    const name = nameOf(countedBy(limit));
    return seen.size === seen.add(name).size;
  });
  return index === -1 ? undefined : index;
}

function unitOf({ requests, tokens, dollars }: Limit): Unit {
  if (requests !== undefined) return "requests";
  if (tokens !== undefined) return "tokens";
  return dollars === undefined ? "concurrent" : "dollars";
}
