import { asObject, asString, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { Origin } from "../../../core/values/message.js";
import { FAMILY } from "./fields.js";

/** The field of an item that holds state of another family, and what such state begins with in a reasoning item. */
const WRAPPED = "ai-lib.origin";

/**
 * State of another family in an item of this dialect, so that a signature of another vendor's survives the way
 * through a server: clients send back an item's `encrypted_content`, and most of them fields that they do not know.
 */
export function wrapState(origin: Origin | undefined, type: string): JsonObject | undefined {
  if (origin === undefined || origin.family === FAMILY) return undefined;
  const told: JsonObject = { ...origin };
  return type === "reasoning"
    ? { encrypted_content: `${WRAPPED}:${JSON.stringify(told)}` }
    : { [WRAPPED]: told };
}

/**
 * State that a client sent back. Only a server reads wrapped state: a provider must not be able to put words into
 * the requests that another one gets.
 */
export function unwrapState(data: JsonObject): Origin {
  const cipher = asString(data["encrypted_content"]);
  const told =
    asObject(data[WRAPPED]) ??
    (cipher?.startsWith(`${WRAPPED}:`) === true
      ? asObject(tryParse(cipher.slice(WRAPPED.length + 1)))
      : undefined);
  const family = asString(told?.["family"]);
  const state = asObject(told?.["data"]);
  if (told === undefined || family === undefined || state === undefined) return { family: FAMILY, data };
  const provider = asString(told["provider"]);
  const model = asString(told["model"]);
  const account = asString(told["account"]);
  return {
    family,
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(account === undefined ? {} : { account }),
    data: state,
  };
}
