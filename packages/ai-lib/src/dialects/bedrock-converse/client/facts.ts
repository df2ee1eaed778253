import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { EndFacts } from "../../../core/values/chat-response.js";
import { asObject, asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { BEDROCK_FAMILY, baseModelOf, reasoningFamilyOf } from "../shared/family.js";
import { finishReasonOf } from "../shared/finish.js";
import type { OriginFacts } from "../shared/parts.js";
import { usageOf } from "../shared/usage.js";

/** Fields of a reply that the contract has no name for, but that tell more than a measurement. */
const KEPT = ["trace", "additionalModelResponseFields", "performanceConfig"] as const;

/**
 * The facts that end a reply: of its body, or of a stream's `messageStop` and `metadata` together. A reply names
 * neither itself nor its model.
 */
export function endFactsOf(reply: JsonObject): EndFacts {
  const stopReason = asString(reply["stopReason"]);
  const usage = usageOf(asObject(reply["usage"]));
  const serviceTier = asString(asObject(reply["serviceTier"])?.["type"]);
  const extensions: MutableJson = {};
  for (const key of KEPT) {
    const value = reply[key];
    if (value !== undefined && value !== null) extensions[key] = value;
  }
  return {
    finishReason: finishReasonOf(stopReason),
    ...(stopReason === undefined ? {} : { rawFinishReason: stopReason }),
    ...(usage === undefined ? {} : { usage }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions: { "bedrock-converse": extensions } }),
  };
}

/** Makes the origins of a target's blocks. */
export function originsOf(target: DialectTarget): OriginFacts {
  const { provider, model } = target;
  const family = reasoningFamilyOf(baseModelOf(target));
  return {
    own: (data) => ({ family: BEDROCK_FAMILY, provider, model, data }),
    reasoning: (data) => ({ family, provider, model, data }),
  };
}
