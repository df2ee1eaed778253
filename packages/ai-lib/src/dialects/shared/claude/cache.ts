import type { EncodeWarnings } from "../common/encode-warnings.js";

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching: a fifth breakpoint is refused. */
const MAX_MARKS = 4;

interface Mark {
  readonly area: "tools" | "system" | "messages";
  readonly at: string;
  remove(): void;
}

/** Collects the cache breakpoints of a request and keeps the four that matter most. */
export class CacheMarks {
  /** The part of the request that is being encoded. */
  area: Mark["area"] = "messages";
  private readonly marks: Mark[] = [];

  /**
   * Notes a mark.
   * @param at the path of the marked part or tool.
   * @param remove takes the mark off the body again.
   */
  add(at: string, remove: () => void): void {
    this.marks.push({ area: this.area, at, remove });
  }

  /**
   * Removes marks beyond the limit: first the earliest of the messages, since a later mark covers them, then the
   * earliest of the tools and of the system prompt.
   * @param taken breakpoints that the request uses elsewhere.
   */
  limit(taken: number, warnings: EncodeWarnings): void {
    let over = this.marks.length + taken - MAX_MARKS;
    for (const area of ["messages", "tools", "system"] as const) {
      for (const mark of this.marks) {
        if (mark.area !== area) continue;
        if (over-- <= 0) return;
        mark.remove();
        warnings.unsupported(`${mark.at}.cache`, "the earliest marks are left out");
      }
    }
  }
}

/** The lifetime of a cache, where Claude's APIs know the word for it; else undefined, with a warning. */
export function encodeTtl(
  ttl: string | undefined,
  at: string,
  warnings: EncodeWarnings,
): "5m" | "1h" | undefined {
  if (ttl === undefined || ttl === "5m" || ttl === "1h") return ttl;
  warnings.changed(`${at}.cache.ttl`, `"${ttl}" became the default`);
  return undefined;
}
