import { flag, listOf, oneOf, type Shape } from "../../../core/values/check.js";
import type { MistralChatQuirks } from "./quirks.js";

/** The values that each quirk accepts. They are checked when the provider is built. */
export const mistralChatQuirks: Shape<MistralChatQuirks> = {
  reasoningEfforts: listOf(oneOf("none", "minimal", "low", "medium", "high", "xhigh")),
  anyToolCallId: flag,
  toolMedia: flag,
  logprobs: flag,
};
