import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { EncodeWarnings } from "../common/encode-warnings.js";
import type { ClaudeFacts } from "./model.js";

/** Sampling parameters that a Claude model accepts. */
export type Sampling = Pick<ChatRequest, "temperature" | "topP" | "topK">;

/**
 * Temperature, top-p and top-k as far as the model accepts them: with thinking only temperature 1 and a top-p of 0.95
 * or more; from Claude 4.1 on not both; from 4.7 on only the defaults.
 * https://platform.claude.com/docs/en/build-with-claude/thinking#sampling-parameters
 * @param thinking the model will think.
 */
export function encodeSampling(
  request: ChatRequest,
  thinking: boolean,
  facts: ClaudeFacts,
  warnings: EncodeWarnings,
): Sampling {
  const never = facts.sampling === "none";
  const why = never ? "this model chooses its own sampling" : "thinking excludes it";
  let { temperature, topP, topK } = request;
  if (temperature !== undefined && temperature > 1) {
    warnings.changed("temperature", `${temperature} became 1`);
    temperature = 1;
  }
  if (temperature !== undefined && temperature !== 1 && (never || thinking)) {
    warnings.unsupported("temperature", why);
    temperature = undefined;
  }
  // The default needs no field, and newer models have none.
  if (never) temperature = undefined;
  if (topP !== undefined) {
    if (never || (thinking && (topP < 0.95 || topP > 1))) {
      warnings.unsupported("topP", why);
      topP = undefined;
    } else if (facts.sampling === "one" && temperature !== undefined) {
      warnings.unsupported("topP", "this model accepts a temperature or a top-p, not both");
      topP = undefined;
    }
  }
  if (topK !== undefined && (never || thinking)) {
    warnings.unsupported("topK", why);
    topK = undefined;
  }
  return { temperature, topP, topK };
}
