import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { EndFacts } from "../../../core/values/chat-response.js";
import { asObject, asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { type MalformedAnswer, malformedAnswer } from "../../shared/common/malformed-answer.js";
import { originOf } from "../../shared/common/opaque-state.js";
import { BEDROCK_FAMILY, baseModelOf, reasoningFamilyOf } from "../shared/family.js";
import { failureOf, finishReasonOf } from "../shared/finish.js";
import type { OriginFacts } from "../shared/parts.js";
import { usageOf } from "../shared/usage.js";

/** Fields of a reply that the contract has no name for. Measurements are not among them. */
const KEPT = ["trace", "additionalModelResponseFields", "performanceConfig"] as const;

/**
 * The facts that end a reply: of its body, or of a stream's `messageStop` and `metadata` together. A reply has no id
 * and does not name its model.
 */
export function endFactsOf(reply: JsonObject): EndFacts {
  const stopReason = asString(reply["stopReason"]);
  const extensions: MutableJson = {};
  for (const key of KEPT) {
    const value = reply[key];
    if (value !== undefined && value !== null) extensions[key] = value;
  }
  return {
    finishReason: finishReasonOf(stopReason),
    ...defined({
      rawFinishReason: stopReason,
      usage: usageOf(asObject(reply["usage"])),
      serviceTier: nonEmpty(asObject(reply["serviceTier"])?.["type"]),
      extensions: Object.keys(extensions).length === 0 ? undefined : { "bedrock-converse": extensions },
    }),
  };
}

/** The result of an answer whose `stopReason` means a failure; undefined for any other. */
export function failedAnswer(
  reply: JsonObject,
  called: boolean,
  target: DialectTarget,
): MalformedAnswer | undefined {
  const stopReason = asString(reply["stopReason"]);
  const code = failureOf(stopReason);
  if (stopReason === undefined || code === undefined) return undefined;
  return malformedAnswer(code, stopReason, undefined, called, target);
}

/** Makes the origins of a target's blocks. */
export function originsOf(target: DialectTarget): OriginFacts {
  const family = reasoningFamilyOf(baseModelOf(target));
  return {
    own: (data) => originOf(target, BEDROCK_FAMILY, data),
    reasoning: (data) => originOf(target, family, data),
  };
}
