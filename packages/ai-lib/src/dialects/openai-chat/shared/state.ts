import { asObject, asString, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { Origin } from "../../../core/values/message.js";
import { defined } from "../../shared/common/body-fields.js";

/** The family of state that a client sent to a server half, which does not know where it is from. */
export const DIALECT_FAMILY = "openai-chat";

/** The fields in which endpoints send plain reasoning. */
export type ReasoningField = "reasoning_content" | "reasoning";

/**
 * State that has only the name of the field that plain reasoning arrived in, so that it is sent back in the same one.
 */
export function fieldState(field: ReasoningField): JsonObject {
  return { field };
}

/** The field of {@link fieldState}; undefined for any other state. */
export function fieldOf(state: JsonObject | undefined): ReasoningField | undefined {
  const field = state?.["field"];
  return field === "reasoning_content" || field === "reasoning" ? field : undefined;
}

/** The format of a `reasoning_details` block, and the key in `extra_content`, that hold another family's state. */
const WRAPPED = "ai-lib.origin";

/**
 * State of reasoning as `reasoning_details`. State of this dialect is written unchanged. Any other is wrapped, so that
 * another vendor's signature passes through a server of this dialect.
 */
export function encodeReasoningState(origin: Origin): readonly JsonObject[] {
  if (fieldOf(origin.data) !== undefined) return [];
  const own = origin.data["reasoning_details"];
  if (Array.isArray(own)) return own as readonly JsonObject[];
  return [{ type: "reasoning.encrypted", format: WRAPPED, data: JSON.stringify(origin) }];
}

/** The inverse of {@link encodeReasoningState}. */
export function decodeReasoningState(details: readonly unknown[]): Origin | undefined {
  if (details.length === 0) return undefined;
  for (const block of details) {
    if (!isObject(block) || block["format"] !== WRAPPED) continue;
    return decodeOrigin(tryParse(asString(block["data"]) ?? ""));
  }
  return { family: DIALECT_FAMILY, data: { reasoning_details: details as readonly JsonObject[] } };
}

/**
 * State of a call or a text as `extra_content`. Gemini's signature is also in the field of Google's compatible
 * endpoint, since clients that drop unknown fields send that one back:
 * https://ai.google.dev/gemini-api/docs/thought-signatures#openai.
 */
export function encodeExtraContent(origin: Origin): JsonObject {
  const own = asObject(origin.data["extra_content"]);
  if (own !== undefined) return own;
  const signature = asString(origin.data["thoughtSignature"]);
  // As text: some clients rename the keys of objects that they send back.
  const wrapped = { [WRAPPED]: JSON.stringify(origin) };
  return signature === undefined ? wrapped : { google: { thought_signature: signature }, ...wrapped };
}

/** The inverse of {@link encodeExtraContent}. */
export function decodeExtraContent(value: unknown): Origin | undefined {
  const extra = asObject(value);
  if (extra === undefined) return undefined;
  const wrapped = extra[WRAPPED];
  return wrapped === undefined
    ? { family: DIALECT_FAMILY, data: { extra_content: extra } }
    : decodeOrigin(tryParse(asString(wrapped) ?? ""));
}

function decodeOrigin(value: unknown): Origin | undefined {
  const origin = asObject(value);
  const family = asString(origin?.["family"]);
  const data = asObject(origin?.["data"]);
  if (origin === undefined || family === undefined || data === undefined) return undefined;
  return {
    family,
    ...defined({
      provider: asString(origin["provider"]),
      model: asString(origin["model"]),
      account: asString(origin["account"]),
    }),
    data,
  };
}

/**
 * The reasoning text of a message or delta. Some gateways send it under two names, of which the first counts: `reasoning_content` (DeepSeek, Moonshot, Qwen, Zhipu...), `reasoning` (Groq, OpenRouter, Cerebras, vLLM).
 */
export function decodeReasoning(message: JsonObject): string {
  const field = reasoningFieldOf(message);
  return field === undefined ? "" : (message[field] as string);
}

/** The field that has the reasoning text of a message or delta. */
export function reasoningFieldOf(message: JsonObject): ReasoningField | undefined {
  const content = message["reasoning_content"];
  if (typeof content === "string" && content !== "") return "reasoning_content";
  const reasoning = message["reasoning"];
  return typeof reasoning === "string" && reasoning !== "" ? "reasoning" : undefined;
}
