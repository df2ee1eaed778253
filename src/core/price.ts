import type { Price } from "./model.js";
import type { Usage } from "./usage.js";

/** US dollars for some usage; undefined where the price is unknown, never 0 for that reason. */
export function costOf(usage: Usage, price: Price | undefined): number | undefined {
  if (price === undefined) return undefined;
  const cached = usage.cachedInputTokens ?? 0;
  const written = usage.cacheWriteInputTokens ?? 0;
  const fresh = Math.max(0, usage.inputTokens - cached - written);
  return (
    (fresh * price.input +
      cached * (price.cachedInput ?? price.input) +
      written * (price.cacheWriteInput ?? price.input) +
      usage.outputTokens * price.output) /
    1_000_000
  );
}
