import {
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { ToolResultContent } from "../../../core/values/message.js";
import { nonEmpty } from "../../shared/common/body-fields.js";

/** The family of the tools of this dialect. All endpoints name them alike, whether they run them or not. */
export const TOOL_FAMILY = "openai";

/** Calls that the caller runs. The provider runs all others, unless their fields say otherwise. */
const CALLER_RUNS: ReadonlySet<string> = new Set([
  "function_call",
  "custom_tool_call",
  "local_shell_call",
  "apply_patch_call",
  "computer_call",
  "mcp_approval_request",
]);

/** Items that are calls, without `_call` at the end of their type. */
const OTHER_CALLS: ReadonlySet<string> = new Set(["mcp_list_tools", "mcp_approval_request", "program"]);

/** Items that have state for the next turn and no content. */
const OPAQUE: ReadonlySet<string> = new Set([
  "compaction",
  "compaction_trigger",
  "additional_tools",
  "item_reference",
]);

/** What an item is in the contract. */
export type ItemRole = "message" | "reasoning" | "image" | "call" | "result" | "opaque" | "unknown";

/** What an item of a type is. The end of its name shows the calls and results of future tools. */
export function roleOf(type: string): ItemRole {
  if (type === "message" || type === "reasoning") return type;
  if (type === "image_generation_call") return "image";
  if (type.endsWith("_call") || OTHER_CALLS.has(type)) return "call";
  if (type.endsWith("_output") || type === "mcp_approval_response") return "result";
  return OPAQUE.has(type) ? "opaque" : "unknown";
}

/** The head of a call. */
export interface CallHead {
  /** Empty if the item has none yet. */
  readonly id: string;
  /** Empty if the item has none yet. */
  readonly name: string;
  readonly byProvider: boolean;
}

/** The head of an item that is a call. */
export function decodeHead(item: JsonObject, type: string): CallHead {
  return {
    // xAI sends an empty `call_id` with its own tools, OpenAI null with a tool search on its side.
    id: nonEmpty(item["call_id"]) ?? asString(item["id"]) ?? "",
    name: nameOf(item, type),
    byProvider: isByProvider(item, type),
  };
}

/** The name of the tool: of a function, of a server's tool, or the type of a tool in `tools`. */
function nameOf(item: JsonObject, type: string): string {
  switch (type) {
    case "function_call":
    case "custom_tool_call":
    case "mcp_call":
      return asString(item["name"]) ?? "";
    default:
      return type.endsWith("_call") ? type.slice(0, -"_call".length) : type;
  }
}

function isByProvider(item: JsonObject, type: string): boolean {
  // The provider's shell runs in a container; the caller's has no environment, or "local".
  if (type === "shell_call") {
    const kind = asString(asObject(item["environment"])?.["type"]);
    return kind !== undefined && kind !== "local";
  }
  // xAI's search of X calls its tools in this form: https://docs.x.ai/docs/guides/tools/search-tools.
  if (type === "custom_tool_call") return asString(item["call_id"])?.startsWith("xs_") === true;
  if (type === "tool_search_call") return item["execution"] !== "client";
  return !CALLER_RUNS.has(type);
}

/** Whether an item is the call of a text tool of the caller. */
export function isTextCall(item: JsonObject, type: string): boolean {
  return type === "custom_tool_call" && !isByProvider(item, type);
}

/** The field of a call that is raw text instead of JSON. */
export function rawFieldOf(type: string): "input" | "code" | undefined {
  if (type === "custom_tool_call") return "input";
  return type === "code_interpreter_call" ? "code" : undefined;
}

/** Fields of a call that are not arguments. */
const NO_ARGUMENTS: ReadonlySet<string> = new Set([
  "__proto__",
  "type",
  "id",
  "call_id",
  "status",
  "name",
  "arguments",
  "container_id",
  "execution",
  "environment",
  "caller",
  "namespace",
  "fingerprint",
  "approval_request_id",
  "output",
  "outputs",
  "result",
  "results",
  "error",
  "tools",
]);

/**
 * The arguments of a call as the JSON text of an object: a search's action, a shell's commands, a patch's operation,
 * `{ code }` of the interpreter, `{ input }` of a provider's custom tool. Of a text tool of the caller, its input.
 */
export function argumentsText(item: JsonObject, type: string): string {
  if (isTextCall(item, type)) return asString(item["input"]) ?? "";
  const raw = rawFieldOf(type);
  if (raw !== undefined) {
    const text = asString(item[raw]);
    if (text === undefined) return "";
    const json = JSON.stringify({ [raw]: text });
    // Input that the token limit cut must not look complete: the text stays open, as in a stream.
    return item["status"] === "incomplete" ? json.slice(0, -2) : json;
  }
  const given = item["arguments"];
  if (type === "mcp_approval_request")
    return JSON.stringify({ server_label: item["server_label"], name: item["name"], arguments: given });
  if (typeof given === "string") return given;
  if (isObject(given)) return JSON.stringify(given);
  const action = item["action"] ?? item["operation"];
  if (isObject(action) && type !== "computer_call") {
    if (type !== "web_search_call") return JSON.stringify(action);
    const { sources: _found, ...asked } = action;
    return JSON.stringify(asked);
  }
  const rest: MutableJson = {};
  for (const key of Object.keys(item)) if (!NO_ARGUMENTS.has(key)) rest[key] = item[key];
  return JSON.stringify(rest);
}

/** The result of a provider's tool in the item of its call. */
export interface Finding {
  readonly content: string | readonly ToolResultContent[];
  readonly isError: boolean;
}

/** The result in the item of a call; undefined if it has none. */
export function decodeFinding(item: JsonObject, type: string): Finding | undefined {
  const error = item["error"];
  if (error !== undefined && error !== null) return { content: textOf(error), isError: true };
  switch (type) {
    case "web_search_call":
      return finding(asObject(item["action"])?.["sources"]);
    case "mcp_list_tools":
      return finding(item["tools"]);
    case "code_interpreter_call":
      return decodeOutputs(item["outputs"]);
    default:
      return finding(item["results"] ?? item["output"] ?? item["result"]);
  }
}

function finding(value: unknown): Finding | undefined {
  if (value === undefined || value === null) return undefined;
  return { content: textOf(value), isError: false };
}

/** A value as text: a string unchanged, any other value as JSON. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Logs and images of the code interpreter. */
function decodeOutputs(value: unknown): Finding | undefined {
  if (!Array.isArray(value)) return undefined;
  const content: ToolResultContent[] = [];
  for (const output of value as Json[]) {
    if (!isObject(output)) continue;
    const logs = asString(output["logs"]);
    const url = asString(output["url"]);
    if (logs !== undefined) content.push({ type: "text", text: logs });
    else if (url !== undefined) content.push({ type: "image", url });
  }
  return { content, isError: false };
}
