import type { EncodeWarnings } from "../../../core/contract/dialect.js";
import { asString, isObject, type MutableJson } from "../../../core/values/json.js";
import type { CacheMark } from "../../../core/values/message.js";
import { type CacheMarks, ttlOf } from "../../shared/common/cache-marks.js";

/** Marks a block as the end of a prefix to cache. */
export function markBlock(
  block: MutableJson,
  mark: CacheMark,
  at: string,
  { marks, losses }: { readonly marks: CacheMarks; readonly losses: EncodeWarnings },
): void {
  block["cache_control"] = { type: "ephemeral", ...ttlOf(mark.ttl, at, losses) };
  marks.add(at, () => {
    delete block["cache_control"];
  });
}

/** The mark that a `cache_control` says; its life in words is kept as it stands. */
export function markOf(value: unknown): CacheMark | undefined {
  if (!isObject(value) || value["type"] !== "ephemeral") return undefined;
  const ttl = asString(value["ttl"]);
  return ttl === undefined ? {} : { ttl };
}
