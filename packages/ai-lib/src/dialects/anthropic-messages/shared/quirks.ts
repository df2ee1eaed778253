import type { Quirks } from "../../../core/contract/dialect.js";
import type { VendorCodes } from "../../shared/common/vendor-codes.js";

/** Deviations of one endpoint from the dialect as api.anthropic.com speaks it. */
export interface AnthropicMessagesQuirks {
  /**
   * Google's Vertex AI: the model is part of the path and not of the body, `anthropic_version` part of the body and
   * not a header, and streams have a path of their own. Observed: recordings `google-vertex.anthropic-messages.*`;
   * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude.
   */
  readonly vertex?: boolean;
  /**
   * Who can read this endpoint's thinking signatures. Default `"anthropic"`: those of Claude are valid on every
   * platform that serves Claude. Set it for other models behind the dialect: MiniMax signs with 64 hexadecimal
   * digits of its own (recording `opencode-zen.anthropic-messages.stream.minimax-stream-response-000`).
   */
  readonly family?: string;
  /**
   * Thinking without a signature is sent back, for endpoints that do not sign it. api.anthropic.com refuses it, so by
   * default it is left out.
   */
  readonly unsignedThinking?: boolean;
  /**
   * How thinking is requested, where the model's id does not show it: `"budget"`, `"adaptive"` or `"none"`.
   * Default: by the Claude version in the id, else `"budget"`.
   */
  readonly thinking?: "budget" | "adaptive" | "none";
  /** `max_tokens`, which the dialect demands, where a request has none. Default: by the Claude version, else 8192. */
  readonly maxTokens?: number;
  /** No `output_config.format`: a JSON schema for the answer is left out with a warning. */
  readonly noStructuredOutput?: boolean;
  /** What the vendor's own error codes mean: in `base_resp`, and in parentheses at the end of a message (MiniMax). */
  readonly errorCodes?: VendorCodes;
}

/** The quirks of a target. */
export function quirksOf(quirks: Quirks): AnthropicMessagesQuirks {
  return quirks;
}

/** The family of Claude's own state, and the name of Anthropic's file store. */
export const CLAUDE_FAMILY = "anthropic";

/** The family of the state that an endpoint gives and reads. */
export function familyOf(quirks: Quirks): string {
  return quirksOf(quirks).family ?? CLAUDE_FAMILY;
}
