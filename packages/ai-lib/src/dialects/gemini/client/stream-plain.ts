import { asString, isObject } from "../../../core/values/json.js";
import type { DeltaShape } from "../../shared/common/delta-template.js";

/**
 * The chunks of text or thinking: one candidate with one part, and the usage so far. Of the other fields of a chunk, the
 * decoder uses only the id and the model, which do not change.
 */
export const PLAIN_TEXT: DeltaShape = {
  key: "text",
  counts: "usageMetadata",
  decode(value) {
    if (!isObject(value) || value["error"] !== undefined || value["promptFeedback"] !== undefined)
      return undefined;
    const part = onlyPart(value["candidates"]);
    if (part === undefined) return undefined;
    for (const name in part) if (name !== "text" && name !== "thought") return undefined;
    return asString(part["text"]);
  },
};

/** The only part of the only candidate, if the candidate has nothing else. */
function onlyPart(candidates: unknown) {
  const candidate = onlyObject(candidates);
  if (candidate === undefined || (candidate["index"] ?? 0) !== 0) return undefined;
  for (const name in candidate) if (name !== "content" && name !== "index") return undefined;
  const { content } = candidate;
  return isObject(content) ? onlyObject(content["parts"]) : undefined;
}

function onlyObject(list: unknown) {
  const only: unknown = Array.isArray(list) && list.length === 1 ? list[0] : undefined;
  return isObject(only) ? only : undefined;
}

/** Whether the text of such a chunk is thinking. */
export function isThought(value: unknown): boolean {
  return isObject(value) && onlyPart(value["candidates"])?.["thought"] === true;
}
