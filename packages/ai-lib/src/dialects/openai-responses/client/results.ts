import { asArray, asString, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import { type ToolResultPart, textOf } from "../../../core/values/message.js";
import { encodeContent } from "../shared/content.js";
import type { RequestScope } from "./context.js";

/** The result of a tool that the caller ran: each kind of call has an output item of its own. */
export function encodeResult(part: ToolResultPart, at: string, scope: RequestScope): JsonObject {
  const state = scope.stateOf(part.origin);
  const type = asString(state?.["type"]) ?? outputOf(scope.callType(part.id));
  const base = { ...state, type };
  const id = scope.callId(part.id);
  const text = textOf(part.content);
  switch (type) {
    case "shell_call_output":
      return { ...base, call_id: id, output: shellOutput(part, text) };
    case "apply_patch_call_output":
      return {
        ...base,
        call_id: id,
        status: part.isError === true ? "failed" : "completed",
        output: text === "" ? undefined : text,
      };
    case "computer_call_output":
      return { ...base, call_id: id, output: screenshot(part, at, scope) };
    case "mcp_approval_response":
      return { ...base, approval_request_id: id, ...approval(part, text) };
    case "tool_search_output":
      return { execution: "client", status: "completed", ...base, call_id: id, tools: listOf(text) };
    default:
      if (part.isError === true)
        scope.losses.unsupported(
          `${at}.isError`,
          "a result has no such mark; its content must say that it failed",
        );
      return { ...base, call_id: id, output: outputContent(part, at, scope) };
  }
}

/** The type of the item that answers a call. */
function outputOf(callType: string): string {
  switch (callType) {
    case "mcp_approval_request":
      return "mcp_approval_response";
    case "tool_search_call":
      return "tool_search_output";
    default:
      return `${callType}_output`;
  }
}

function outputContent(part: ToolResultPart, at: string, scope: RequestScope): string | JsonObject[] {
  if (typeof part.content !== "string")
    return encodeContent(part.content, `${at}.content`, scope, part.cache);
  if (part.cache === undefined) return part.content;
  return encodeContent([{ type: "text", text: part.content }], `${at}.content`, scope, part.cache);
}

/** Output as the shell's own list where the text is one, else as one command's standard output. */
function shellOutput(part: ToolResultPart, text: string): readonly unknown[] & JsonObject[] {
  const list = tryParse(text);
  if (Array.isArray(list) && list.every(isObject)) return list as JsonObject[];
  const exit_code = part.isError === true ? 1 : 0;
  return [{ stdout: text, stderr: "", outcome: { type: "exit", exit_code } }];
}

function screenshot(part: ToolResultPart, at: string, scope: RequestScope): JsonObject {
  const [picture] = typeof part.content === "string" ? [] : part.content;
  if (picture?.type !== "image")
    scope.refuse(`${at}.content`, "a computer's result is one picture of its screen");
  const { image_url, file_id } = encodeContent([picture], `${at}.content`, scope)[0] ?? {};
  return { type: "computer_screenshot", image_url, file_id };
}

/** `{ approve, reason }` where the text is that; a result that is no error approves. */
function approval(part: ToolResultPart, text: string): JsonObject {
  const told = tryParse(text);
  if (isObject(told) && typeof told["approve"] === "boolean")
    return { approve: told["approve"], reason: asString(told["reason"]) };
  const declined = told === false || part.isError === true;
  return { approve: !declined, reason: declined && text !== "false" && text !== "" ? text : undefined };
}

function listOf(text: string): JsonObject[] {
  return asArray(tryParse(text)).filter(isObject);
}
