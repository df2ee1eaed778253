import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { EndFacts } from "../../../core/values/chat-response.js";
import {
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { Origin, RefusalPart } from "../../../core/values/message.js";
import { finishReasonOf } from "../shared/finish.js";
import type { OriginFacts } from "../shared/parts.js";
import { CLAUDE_FAMILY, quirksOf } from "../shared/quirks.js";
import { usageOf } from "../shared/usage.js";

/** Fields of a message, as a whole reply has them or as `message_start` and `message_delta` bring them. */
export interface MessageFacts {
  id: string | undefined;
  model: string | undefined;
  stopReason: string | undefined;
  stopSequence: string | undefined;
  stopDetails: JsonObject | undefined;
  container: JsonObject | undefined;
  contextManagement: JsonObject | undefined;
  usage: JsonObject | undefined;
}

/** A message of which nothing is known yet. */
export function noFacts(): MessageFacts {
  return {
    id: undefined,
    model: undefined,
    stopReason: undefined,
    stopSequence: undefined,
    stopDetails: undefined,
    container: undefined,
    contextManagement: undefined,
    usage: undefined,
  };
}

/** Takes in what an object tells of the message; null and absent fields leave what is known. */
export function noteFacts(facts: MessageFacts, from: JsonObject): void {
  facts.id = asString(from["id"]) ?? facts.id;
  facts.model = asString(from["model"]) ?? facts.model;
  facts.stopReason = asString(from["stop_reason"]) ?? facts.stopReason;
  facts.stopSequence = asString(from["stop_sequence"]) ?? facts.stopSequence;
  facts.stopDetails = asObject(from["stop_details"]) ?? facts.stopDetails;
  facts.container = asObject(from["container"]) ?? facts.container;
  facts.contextManagement = asObject(from["context_management"]) ?? facts.contextManagement;
}

/** The facts that end a reply. */
export function endFactsOf(facts: MessageFacts): EndFacts {
  const usage = usageOf(facts.usage);
  const serviceTier = asString(facts.usage?.["service_tier"]);
  const extensions: MutableJson = {};
  if (facts.stopSequence !== undefined) extensions["stop_sequence"] = facts.stopSequence;
  const { explanation: _told, ...details } = facts.stopDetails ?? {};
  if (typeof details["category"] === "string") extensions["stop_details"] = details;
  if (facts.container !== undefined) extensions["container"] = facts.container;
  if (facts.contextManagement !== undefined) extensions["context_management"] = facts.contextManagement;
  return {
    finishReason: finishReasonOf(facts.stopReason),
    ...(facts.stopReason === undefined ? {} : { rawFinishReason: facts.stopReason }),
    ...(usage === undefined ? {} : { usage }),
    ...(facts.id === undefined ? {} : { id: facts.id }),
    ...(facts.model === undefined ? {} : { model: facts.model }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions: { "anthropic-messages": extensions } }),
  };
}

/** Why the model declined, where the reply explains it in `stop_details`. */
export function refusalOf(facts: MessageFacts): RefusalPart | undefined {
  const explanation = facts.stopDetails?.["explanation"];
  return typeof explanation === "string" && explanation !== ""
    ? { type: "refusal", text: explanation }
    : undefined;
}

/** Makes the origins of a target's blocks; the model may become known only when the reply begins. */
export class Origins implements OriginFacts {
  readonly family: string;
  readonly provider: string;
  private model: string;

  constructor(target: DialectTarget) {
    this.family = quirksOf(target.quirks).family ?? CLAUDE_FAMILY;
    this.provider = target.provider;
    this.model = target.model;
  }

  answeredBy(model: string | undefined): void {
    if (model !== undefined) this.model = model;
  }

  origin(data: JsonObject): Origin {
    return { family: this.family, provider: this.provider, model: this.model, data };
  }
}

/** Whether a 2xx body or a stream's event is an error in disguise. */
export function isErrorBody(body: JsonObject): boolean {
  if (body["type"] === "error" || isObject(body["error"])) return true;
  const status = asObject(body["base_resp"])?.["status_code"];
  return typeof status === "number" && status !== 0;
}
