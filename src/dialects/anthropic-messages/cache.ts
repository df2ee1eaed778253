import type { Losses } from "../../core/dialect.js";
import { asString, isObject, type MutableJson } from "../../core/json.js";
import type { CacheMark } from "../../core/message.js";

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching: a fifth breakpoint is refused. */
const MOST = 4;

interface Marked {
  readonly area: "tools" | "system" | "messages";
  readonly block: MutableJson;
  readonly at: string;
}

/** Collects the cache breakpoints of a request and keeps the four that matter most. */
export class CacheMarks {
  /** What is being encoded. */
  area: Marked["area"] = "messages";
  private readonly marked: Marked[] = [];

  /** Marks a block. */
  add(block: MutableJson, mark: CacheMark, at: string, losses: Losses): void {
    const { ttl } = mark;
    const known = ttl === "5m" || ttl === "1h";
    if (ttl !== undefined && !known)
      losses.changed(`${at}.cache.ttl`, `Anthropic keeps caches for "5m" or "1h", not "${ttl}"`);
    block["cache_control"] = { type: "ephemeral", ...(known ? { ttl } : {}) };
    this.marked.push({ area: this.area, block, at });
  }

  /**
   * Takes away what is over the limit: the earliest marks within messages first, since a later one covers them,
   * then the earliest of tools and system prompt.
   * @param taken breakpoints that the request spends elsewhere (its own top-level `cache_control`).
   */
  limit(taken: number, losses: Losses): void {
    let over = this.marked.length + taken - MOST;
    const order = [
      ...this.marked.filter(({ area }) => area === "messages"),
      ...this.marked.filter(({ area }) => area === "tools"),
      ...this.marked.filter(({ area }) => area === "system"),
    ];
    for (const { block, at } of order) {
      if (over-- <= 0) return;
      delete block["cache_control"];
      losses.unsupported(`${at}.cache`, `a request has ${MOST} cache marks at most; the earliest goes`);
    }
  }
}

/** The mark that a `cache_control` says; its life in words is kept as it stands. */
export function markOf(value: unknown): CacheMark | undefined {
  if (!isObject(value) || value["type"] !== "ephemeral") return undefined;
  const ttl = asString(value["ttl"]);
  return ttl === undefined ? {} : { ttl };
}
