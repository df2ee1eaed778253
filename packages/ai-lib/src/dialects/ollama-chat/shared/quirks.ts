import type { DialectTarget } from "../../../core/contract/dialect.js";

/** Deviations of one server from the dialect. */
export interface OllamaChatQuirks {
  /**
   * `think` is only true or false: servers before 0.11 answer a level with `cannot unmarshal string into
   * Go struct field ChatRequest.think of type bool`.
   */
  readonly thinkIsBoolean?: boolean;
}

/** The quirks of a target. */
export function quirksOf(target: Pick<DialectTarget, "quirks">): OllamaChatQuirks {
  return target.quirks;
}
