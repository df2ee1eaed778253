import { asArray, asString, isObject, type JsonObject, tryParse } from "../../core/json.js";
import type { ToolCallPart, ToolResultPart } from "../../core/message.js";
import { callId } from "./calls.js";

/**
 * Tools that the provider ran itself: Groq's `executed_tools` (https://console.groq.com/docs/compound). A stream
 * brings each twice, first the call, then the call with its output; only the second is read.
 */
export function readExecutedTools(
  value: unknown,
  responseId: string | undefined,
  from = 0,
): (ToolCallPart | ToolResultPart)[] {
  const parts: (ToolCallPart | ToolResultPart)[] = [];
  for (const entry of asArray(value)) {
    if (!isObject(entry)) continue;
    const output = asString(entry["output"]);
    if (output === undefined) continue;
    const name = asString(entry["name"]) ?? asString(entry["type"]) ?? "tool";
    const id = callId(responseId, from + parts.length / 2).replace("call_", "executed_");
    parts.push(
      { type: "tool-call", id, name, arguments: readArguments(entry), executedBy: "provider" },
      { type: "tool-result", id, name, content: output, executedBy: "provider" },
    );
  }
  return parts;
}

function readArguments(entry: JsonObject): JsonObject {
  const value = entry["arguments"];
  const parsed = typeof value === "string" ? tryParse(value) : value;
  if (isObject(parsed)) return parsed;
  return typeof value === "string" && value !== "" ? { input: value } : {};
}
