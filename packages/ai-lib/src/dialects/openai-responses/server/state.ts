import { asObject, asString, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { Origin } from "../../../core/values/message.js";
import { FAMILY } from "./fields.js";

/** The field of an item that holds state of another family, and the prefix of such state in an item that has encrypted content. */
const WRAPPED = "ai-lib.origin";

/**
 * State of another family in an item of this dialect, so that another vendor's signature passes through a server:
 * clients send an item's `encrypted_content` back, and most also send unknown fields back.
 */
export function wrapState(origin: Origin | undefined, type: string): JsonObject | undefined {
  if (origin === undefined || origin.family === FAMILY) return undefined;
  // As text: clients such as OpenAI's agents SDK rename the keys of objects that they send back.
  const wrapped = JSON.stringify(origin);
  return type === "reasoning" || type === "compaction"
    ? { encrypted_content: `${WRAPPED}:${wrapped}` }
    : { [WRAPPED]: wrapped };
}

/**
 * Decodes state that a client sent back. Only a server unwraps state: a provider must not be able to write into
 * the requests of another provider.
 */
export function unwrapState(data: JsonObject): Origin {
  const cipher = asString(data["encrypted_content"]);
  const wrapped =
    asObject(tryParse(asString(data[WRAPPED]) ?? "")) ??
    (cipher?.startsWith(`${WRAPPED}:`) === true
      ? asObject(tryParse(cipher.slice(WRAPPED.length + 1)))
      : undefined);
  const family = asString(wrapped?.["family"]);
  const state = asObject(wrapped?.["data"]);
  if (wrapped === undefined || family === undefined || state === undefined) return { family: FAMILY, data };
  const provider = asString(wrapped["provider"]);
  const model = asString(wrapped["model"]);
  const account = asString(wrapped["account"]);
  return {
    family,
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(account === undefined ? {} : { account }),
    data: state,
  };
}
