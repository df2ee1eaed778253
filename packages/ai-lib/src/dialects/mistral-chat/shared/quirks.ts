import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { EffortWord } from "../../shared/common/efforts.js";

/** Deviations of one endpoint from what Mistral documents. */
export interface MistralChatQuirks {
  /**
   * The words of `reasoning_effort` that it accepts; others become the closest of these, with a warning. Default:
   * all of the schema. Mistral Small 4 and Medium 3.5 document only `none` and `high`
   * (https://docs.mistral.ai/capabilities/reasoning/adjustable), Large 4 more.
   */
  readonly reasoningEfforts?: readonly Exclude<EffortWord, "max">[];
  /**
   * Accepts call ids of any form. By default an id becomes nine letters and digits, since
   * Mistral answers others with 400 `invalid_function_call` (https://github.com/nearai/ironclaw/issues/1241).
   */
  readonly anyToolCallId?: boolean;
  /**
   * Accepts images and documents in a tool message, as the published schema does. By default they follow the results
   * in a user message, as clients send them (recordings
   * `test-multimodal-tool-return-*`, `test-model-sees-multiple-images-*`).
   */
  readonly toolMedia?: boolean;
  /** Its models answer with log probabilities. By default they are left out: Mistral refuses them by model. */
  readonly logprobs?: boolean;
}

/** The quirks of a target. */
export function quirksOf(target: DialectTarget): MistralChatQuirks {
  return target.quirks;
}
