import { asString, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { ToolResultContent } from "../../../core/values/message.js";

/**
 * The text of a tool's result as the object that `functionResponse.response` must be: `output` for what the tool
 * returned, `error` for how it failed; any other object is the output as a whole
 * (https://ai.google.dev/api/caching#FunctionResponse). Text that is a JSON object in its shortest form is sent as
 * that object, so that the model sees fields and not a string.
 */
export function encodeResult(text: string, isError: boolean): JsonObject {
  if (isError) return { error: text };
  if (text.startsWith("{")) {
    const value = tryParse(text);
    if (isObject(value) && decodeResult(value).text === text) return value;
  }
  return { output: text };
}

/** The text of a result's object: the inverse of {@link encodeResult}. */
export function decodeResult(response: JsonObject | undefined): { text: string; isError: boolean } {
  if (response === undefined) return { text: "", isError: false };
  const keys = Object.keys(response);
  if (keys.length === 1) {
    const output = asString(response["output"]);
    if (output !== undefined) return { text: output, isError: false };
    const error = asString(response["error"]);
    if (error !== undefined) return { text: error, isError: true };
  }
  return { text: JSON.stringify(response), isError: false };
}

/** The texts of a result's content, joined by line breaks where there are several. */
export function resultText(content: string | readonly ToolResultContent[]): string {
  if (typeof content === "string") return content;
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
