import { asString, isObject } from "../../../core/values/json.js";
import type { CacheMark } from "../../../core/values/message.js";

/** The mark that a `cache_control` represents; a lifetime is not changed. */
export function markOf(value: unknown): CacheMark | undefined {
  if (!isObject(value) || value["type"] !== "ephemeral") return undefined;
  const ttl = asString(value["ttl"]);
  return ttl === undefined ? {} : { ttl };
}
