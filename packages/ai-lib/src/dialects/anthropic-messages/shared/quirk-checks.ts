import { count, flag, oneOf, type Shape, text } from "../../../core/values/check.js";
import { vendorCodes } from "../../shared/common/vendor-codes-check.js";
import type { AnthropicMessagesQuirks } from "./quirks.js";

/** The values that each quirk accepts. They are checked when the provider is built. */
export const anthropicMessagesQuirks: Shape<AnthropicMessagesQuirks> = {
  vertex: flag,
  family: text,
  unsignedThinking: flag,
  thinking: oneOf("budget", "adaptive", "none"),
  maxTokens: count,
  noStructuredOutput: flag,
  errorCodes: vendorCodes,
};
