import type { Json, JsonObject, MutableJson } from "../../../core/values/json.js";
import type { EncodeWarnings } from "../common/encode-warnings.js";
import { wellFormedJson } from "../common/well-formed.js";

/** The most entries, and the most characters of a key and of a value. */
const MOST = { entries: 16, key: 64, value: 512 } as const;

/**
 * Metadata as OpenAI accepts them: at most 16 texts of at most 512 characters, under keys of at most 64. What does not
 * fit is changed or left out, with a warning. https://platform.openai.com/docs/api-reference/chat/create#chat-create-metadata
 */
export function metadataTexts(
  metadata: Readonly<Record<string, Json>>,
  warnings: EncodeWarnings,
): JsonObject {
  const texts: MutableJson = {};
  let entries = 0;
  for (const [key, value] of Object.entries(metadata)) {
    if (key === "__proto__") continue;
    const at = `metadata.${key}`;
    if (key.length > MOST.key || entries === MOST.entries) {
      const reason =
        key.length > MOST.key
          ? `a key has at most ${MOST.key} characters`
          : `there are at most ${MOST.entries} entries`;
      warnings.unsupported(at, { reason });
      continue;
    }
    entries++;
    const text = typeof value === "string" ? value : wellFormedJson(value);
    if (typeof value !== "string") warnings.changed(at, { reason: "values are text: it became JSON text" });
    if (text.length > MOST.value)
      warnings.changed(at, { reason: `the first ${MOST.value} characters are sent: a value has no more` });
    texts[key] = text.slice(0, MOST.value);
  }
  return texts;
}
