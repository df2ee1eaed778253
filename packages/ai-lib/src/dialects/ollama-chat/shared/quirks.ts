import type { DialectTarget } from "../../../core/contract/dialect.js";

/** How a server that speaks this dialect deviates from it. Every flag is off by default. */
export interface OllamaChatQuirks {
  /**
   * `think` is true or false and no level: servers before 0.11 answer a level with `cannot unmarshal string into
   * Go struct field ChatRequest.think of type bool`.
   */
  readonly thinkIsBoolean?: boolean;
}

/** Every flag, so that an unknown one can be refused when a provider is built. */
export const ollamaChatQuirkNames: readonly string[] = Object.keys({
  thinkIsBoolean: true,
} satisfies Record<keyof OllamaChatQuirks, true>);

/** The quirks of a target. */
export function quirksOf(target: Pick<DialectTarget, "quirks">): OllamaChatQuirks {
  return target.quirks;
}
