import { asArray, asString, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { ToolCallPart, ToolResultPart } from "../../../core/values/message.js";
import { syntheticId } from "../shared/calls.js";

/** The most tools that one answer may have run. */
const MAX_TOOLS = 1_000;

/**
 * Decodes tools that the provider ran: Groq's `executed_tools` (https://console.groq.com/docs/compound). A stream has
 * each twice: first the call, then the call with its output.
 */
export class ExecutedTools {
  private readonly waiting = new Map<number, JsonObject>();
  private count = 0;

  /** @returns the parts of tools that have an output. */
  add(value: unknown, responseId: string | undefined): (ToolCallPart | ToolResultPart)[] {
    const parts: (ToolCallPart | ToolResultPart)[] = [];
    asArray(value).forEach((entry, i) => {
      if (!isObject(entry) || this.waiting.size >= MAX_TOOLS) return;
      const index = typeof entry["index"] === "number" ? entry["index"] : i;
      if (asString(entry["output"]) === undefined) this.waiting.set(index, entry);
      else {
        this.waiting.delete(index);
        parts.push(...this.decode(entry, responseId));
      }
    });
    return parts;
  }

  /** @returns the parts of tools without an output, at the end of the answer. */
  rest(responseId: string | undefined): (ToolCallPart | ToolResultPart)[] {
    const parts = [...this.waiting.values()].flatMap((entry) => this.decode(entry, responseId));
    this.waiting.clear();
    return parts;
  }

  private decode(entry: JsonObject, responseId: string | undefined): (ToolCallPart | ToolResultPart)[] {
    const name = asString(entry["name"]) ?? asString(entry["type"]) ?? "tool";
    const id = asString(entry["id"]) ?? syntheticId(responseId, this.count).replace("call_", "executed_");
    this.count++;
    const call: ToolCallPart = {
      type: "tool-call",
      id,
      name,
      arguments: decodeArguments(entry),
      executedBy: "provider",
    };
    const output = asString(entry["output"]);
    if (output === undefined) return [call];
    return [call, { type: "tool-result", id, name, content: output, executedBy: "provider" }];
  }
}

function decodeArguments(entry: JsonObject): JsonObject {
  const value = entry["arguments"];
  const parsed = typeof value === "string" ? tryParse(value) : value;
  if (isObject(parsed)) return parsed;
  return typeof value === "string" && value !== "" ? { input: value } : {};
}
