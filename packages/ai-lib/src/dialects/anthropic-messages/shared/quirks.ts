import type { Quirks } from "../../../core/contract/dialect.js";

/** Deviations of one endpoint from the dialect as api.anthropic.com speaks it. */
export interface AnthropicMessagesQuirks {
  /**
   * Google's Vertex AI: the model stands in the path and not in the body, `anthropic_version` in the body and not
   * in a header, and streaming has a path of its own. Observed: recordings `google-vertex.anthropic-messages.*`;
   * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude.
   */
  readonly vertex?: boolean;
  /**
   * Who can read this endpoint's thinking signatures. Default `"anthropic"`: Claude's own are good on every
   * platform that serves Claude. Set it for other models behind the dialect: MiniMax signs with 64 hexadecimal
   * digits of its own (recording `opencode-zen.anthropic-messages.stream.minimax-stream-response-000`).
   */
  readonly family?: string;
  /**
   * Thinking is echoed without a signature, for endpoints that give none. api.anthropic.com refuses it, so there it
   * is left out.
   */
  readonly unsignedThinking?: boolean;
  /**
   * How thinking is asked for, where the model's id does not tell: `"budget"`, `"adaptive"` or `"none"`.
   * Default: by the Claude version in the id, else `"budget"`.
   */
  readonly thinking?: "budget" | "adaptive" | "none";
  /** `max_tokens` (the dialect demands one) where a request has none. Default: by the model's age, else 8192. */
  readonly maxTokens?: number;
  /** No `output_config.format`: a JSON schema for the answer is left out with a warning. */
  readonly noStructuredOutput?: boolean;
}

/** The names above, so that an unknown quirk can be refused when a provider is built. */
export const anthropicMessagesQuirkNames: readonly (keyof AnthropicMessagesQuirks)[] = [
  "vertex",
  "family",
  "unsignedThinking",
  "thinking",
  "maxTokens",
  "noStructuredOutput",
];

/** The quirks of a target; values of a wrong type count as absent. */
export function quirksOf(quirks: Quirks): AnthropicMessagesQuirks {
  const { vertex, family, unsignedThinking, thinking, maxTokens, noStructuredOutput } = quirks;
  return {
    ...(typeof vertex === "boolean" ? { vertex } : {}),
    ...(typeof family === "string" ? { family } : {}),
    ...(typeof unsignedThinking === "boolean" ? { unsignedThinking } : {}),
    ...(thinking === "budget" || thinking === "adaptive" || thinking === "none" ? { thinking } : {}),
    ...(typeof maxTokens === "number" ? { maxTokens } : {}),
    ...(typeof noStructuredOutput === "boolean" ? { noStructuredOutput } : {}),
  };
}

/** The family of state that an endpoint without the quirk reads. */
export const CLAUDE_FAMILY = "anthropic";
