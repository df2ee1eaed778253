import { isObject, type JsonObject } from "../../../core/values/json.js";
import type { DeltaShape } from "../../shared/common/delta-template.js";

/** Fields of a chunk that mean more than text, or an error. */
const OTHER_FIELDS = ["error", "usage", "x_groq", "citations", "search_results"] as const;

/**
 * Chunks after the first that have text and nothing else that the decoder reads. OpenAI pads each with another
 * `obfuscation` (https://platform.openai.com/docs/api-reference/chat/create, `stream_options`).
 */
export const PLAIN_TEXT: DeltaShape = {
  key: "content",
  padding: "obfuscation",
  decode(value) {
    if (!isObject(value) || OTHER_FIELDS.some((field) => value[field] != null)) return undefined;
    const { choices } = value;
    const choice: unknown = Array.isArray(choices) && choices.length === 1 ? choices[0] : undefined;
    return isObject(choice) ? textOf(choice) : undefined;
  },
};

function textOf(choice: JsonObject): string | undefined {
  const { index, delta } = choice;
  const finish = choice["finish_reason"];
  if (typeof index === "number" && index !== 0) return undefined;
  if (choice["logprobs"] != null || (typeof finish === "string" && finish !== "")) return undefined;
  if (!isObject(delta)) return undefined;
  for (const key in delta) if (key !== "content" && key !== "role" && delta[key] != null) return undefined;
  const { content } = delta;
  return typeof content === "string" ? content : undefined;
}
