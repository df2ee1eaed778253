import type { DialectTarget } from "../../../core/contract/dialect.js";

/** Words of effort that Mistral's schema knows; each of its models knows some of them. */
export type EffortWord = "none" | "minimal" | "low" | "medium" | "high" | "xhigh";

/** Deviations of one endpoint from what Mistral documents. */
export interface MistralChatQuirks {
  /**
   * The words of `reasoning_effort` that it takes; others become the nearest of these, with a warning. Default all
   * of the schema's. Mistral Small 4 and Medium 3.5 document `none` and `high` alone
   * (https://docs.mistral.ai/capabilities/reasoning/adjustable), Large 4 more.
   */
  readonly reasoningEfforts?: readonly EffortWord[];
  /**
   * Takes tool call ids of any shape. By default ids that are not nine letters and digits are re-shaped, since
   * Mistral answers them with 400 `invalid_function_call` (https://github.com/nearai/ironclaw/issues/1241).
   */
  readonly anyToolCallId?: boolean;
  /**
   * Takes pictures and documents inside a tool message, as the published schema allows. By default they move to a
   * user message behind the results, which is what clients were seen to do (recordings
   * `test-multimodal-tool-return-*`, `test-model-sees-multiple-images-*`).
   */
  readonly toolMedia?: boolean;
}

/** Every flag, so that an unknown one can be refused when a provider is built. */
export const mistralChatQuirkNames: readonly string[] = Object.keys({
  reasoningEfforts: true,
  anyToolCallId: true,
  toolMedia: true,
} satisfies Record<keyof MistralChatQuirks, true>);

/** The quirks of a target. */
export function quirksOf(target: DialectTarget): MistralChatQuirks {
  return target.quirks;
}
