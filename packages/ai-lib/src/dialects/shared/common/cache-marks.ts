import type { EncodeWarnings } from "../../../core/contract/dialect.js";

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching: a fifth breakpoint is refused. */
const MOST = 4;

interface Marked {
  readonly area: "tools" | "system" | "messages";
  readonly at: string;
  drop(): void;
}

/** Collects the cache breakpoints of a request and keeps the four that matter most. */
export class CacheMarks {
  /** What is being encoded. */
  area: Marked["area"] = "messages";
  private readonly marked: Marked[] = [];

  /**
   * Notes a mark.
   * @param drop takes it away again.
   */
  add(at: string, drop: () => void): void {
    this.marked.push({ area: this.area, at, drop });
  }

  /**
   * Takes away what is over the limit: the earliest marks within messages first, since a later one covers them,
   * then the earliest of tools and system prompt.
   * @param taken breakpoints that the request spends elsewhere.
   */
  limit(taken: number, losses: EncodeWarnings): void {
    let over = this.marked.length + taken - MOST;
    for (const area of ["messages", "tools", "system"] as const) {
      for (const mark of this.marked) {
        if (mark.area !== area) continue;
        if (over-- <= 0) return;
        mark.drop();
        losses.unsupported(
          `${mark.at}.cache`,
          `a request has ${MOST} cache marks at most; the earliest goes`,
        );
      }
    }
  }
}

/** How long to keep a cache, where it is a word that Claude's APIs know; a warning where it is not. */
export function ttlOf(
  ttl: string | undefined,
  at: string,
  losses: EncodeWarnings,
): { readonly ttl?: "5m" | "1h" } {
  if (ttl === undefined) return {};
  if (ttl === "5m" || ttl === "1h") return { ttl };
  losses.changed(`${at}.cache.ttl`, `caches are kept for "5m" or "1h", not "${ttl}"`);
  return {};
}
