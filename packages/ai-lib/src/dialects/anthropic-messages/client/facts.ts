import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { EndFacts } from "../../../core/values/chat-response.js";
import { asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { Origin, RefusalPart } from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { originOf } from "../../shared/common/opaque-state.js";
import { finishReasonOf } from "../shared/finish.js";
import type { OriginFacts } from "../shared/parts.js";
import { familyOf } from "../shared/quirks.js";
import { usageOf } from "../shared/usage.js";

/** Fields of a message, from a whole reply or from `message_start` and `message_delta`. */
export interface MessageFacts {
  id: string | undefined;
  model: string | undefined;
  stopReason: string | undefined;
  stopSequence: string | undefined;
  stopDetails: JsonObject | undefined;
  container: JsonObject | undefined;
  contextManagement: JsonObject | undefined;
  diagnostics: JsonObject | undefined;
  usage: JsonObject | undefined;
}

/** The facts of a message before any of its fields are known. */
export function noFacts(): MessageFacts {
  return {
    id: undefined,
    model: undefined,
    stopReason: undefined,
    stopSequence: undefined,
    stopDetails: undefined,
    container: undefined,
    contextManagement: undefined,
    diagnostics: undefined,
    usage: undefined,
  };
}

/** Adds the fields of an object. Null and absent fields change nothing. */
export function noteFacts(facts: MessageFacts, from: JsonObject): void {
  facts.id = nonEmpty(from["id"]) ?? facts.id;
  facts.model = nonEmpty(from["model"]) ?? facts.model;
  facts.stopReason = nonEmpty(from["stop_reason"]) ?? facts.stopReason;
  facts.stopSequence = asString(from["stop_sequence"]) ?? facts.stopSequence;
  facts.stopDetails = asObject(from["stop_details"]) ?? facts.stopDetails;
  facts.container = asObject(from["container"]) ?? facts.container;
  facts.contextManagement = asObject(from["context_management"]) ?? facts.contextManagement;
  facts.diagnostics = asObject(from["diagnostics"]) ?? facts.diagnostics;
}

/** The facts that end a reply. */
export function endFactsOf(facts: MessageFacts): EndFacts {
  // The explanation becomes a refusal part, too: see `refusalOf`.
  const { explanation, ...details } = facts.stopDetails ?? {};
  const refusal = defined({ category: nonEmpty(details["category"]), explanation: nonEmpty(explanation) });
  const miss = asObject(facts.diagnostics?.["cache_miss_reason"]);
  const extensions = defined({
    stop_sequence: facts.stopSequence,
    stop_details: typeof details["category"] === "string" ? details : undefined,
    container: facts.container,
    context_management: facts.contextManagement,
    diagnostics: miss === undefined ? undefined : facts.diagnostics,
  });
  return {
    finishReason: finishReasonOf(facts.stopReason),
    ...defined({
      rawFinishReason: facts.stopReason,
      usage: usageOf(facts.usage),
      id: facts.id,
      model: facts.model,
      // Fast mode is billed at prices of its own.
      serviceTier: facts.usage?.["speed"] === "fast" ? "fast" : nonEmpty(facts.usage?.["service_tier"]),
      refusal: Object.keys(refusal).length === 0 ? undefined : refusal,
      // https://platform.claude.com/docs/en/build-with-claude/cache-diagnostics#cache-miss-reason-types
      cacheMiss: nonEmpty(miss?.["type"]),
      extensions: Object.keys(extensions).length === 0 ? undefined : { "anthropic-messages": extensions },
    }),
  };
}

/** Why the model declined, if `stop_details` explains it. */
export function refusalOf(facts: MessageFacts): RefusalPart | undefined {
  const explanation = facts.stopDetails?.["explanation"];
  return typeof explanation === "string" && explanation !== ""
    ? { type: "refusal", text: explanation }
    : undefined;
}

/** Makes the origins of a target's blocks; a reply may name its model only when it starts. */
export class Origins implements OriginFacts {
  readonly provider: string;
  private readonly family: string;
  private model: string;

  constructor(private readonly target: DialectTarget) {
    this.family = familyOf(target.quirks);
    this.provider = target.provider;
    this.model = target.model;
  }

  /** Sets the model that answers; undefined leaves the one that was asked for. */
  answeredBy(model: string | undefined): void {
    if (model !== undefined) this.model = model;
  }

  readonly origin = (data: JsonObject): Origin => originOf(this.target, this.family, data, this.model);
}

/** Whether the body of a 2xx reply, or an event of a stream, is an error. */
export function isErrorBody(body: JsonObject): boolean {
  if (body["type"] === "error" || isObject(body["error"])) return true;
  const status = asObject(body["base_resp"])?.["status_code"];
  return typeof status === "number" && status !== 0;
}
