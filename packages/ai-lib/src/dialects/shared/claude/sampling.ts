import type { EncodeWarnings } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { ClaudeFacts } from "./claude.js";

/** Sampling parameters that a Claude model takes. */
export type Sampling = Pick<ChatRequest, "temperature" | "topP" | "topK">;

/**
 * Temperature, top-p and top-k as far as the model takes them: with thinking only temperature 1 and top-p of 0.95
 * or more; from Claude 4.1 on not both; from 4.7 on none that is not the default.
 * https://platform.claude.com/docs/en/build-with-claude/thinking#sampling-parameters
 * @param thinking the model will think.
 */
export function claudeSampling(
  request: ChatRequest,
  thinking: boolean,
  facts: ClaudeFacts,
  losses: EncodeWarnings,
): Sampling {
  const never = facts.sampling === "none";
  const why = never ? "this model chooses its own sampling" : "thinking excludes it";
  let { temperature, topP, topK } = request;
  if (temperature !== undefined && temperature > 1) {
    losses.changed("temperature", "the highest is 1");
    temperature = 1;
  }
  if (temperature !== undefined && temperature !== 1 && (never || thinking)) {
    losses.unsupported("temperature", why);
    temperature = undefined;
  }
  if (topP !== undefined) {
    if (never || (thinking && (topP < 0.95 || topP > 1))) {
      losses.unsupported("topP", why);
      topP = undefined;
    } else if (facts.sampling === "one" && temperature !== undefined) {
      losses.unsupported("topP", "this model takes a temperature or a top-p, not both");
      topP = undefined;
    }
  }
  if (topK !== undefined && (never || thinking)) {
    losses.unsupported("topK", why);
    topK = undefined;
  }
  return { temperature, topP, topK };
}
