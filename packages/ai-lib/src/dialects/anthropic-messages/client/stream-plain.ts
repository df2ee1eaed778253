import { asObject, isObject } from "../../../core/values/json.js";
import type { DeltaShape } from "../../shared/common/delta-template.js";

/** Deltas of text; whatever else stands in their frames, the decoder looks at nothing but the index and the text. */
export const PLAIN_TEXT: DeltaShape = {
  key: "text",
  read(value) {
    if (!isObject(value) || value["type"] !== "content_block_delta" || typeof value["index"] !== "number")
      return undefined;
    const delta = asObject(value["delta"]);
    const text = delta?.["type"] === "text_delta" ? delta["text"] : undefined;
    return typeof text === "string" ? text : undefined;
  },
};
