import { asArray, asString, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import { type ToolResultPart, textOf } from "../../../core/values/message.js";
import type { OpenAIResponsesContext } from "./context.js";
import { encodeParts } from "./parts.js";

/** The result of a tool that the caller ran. Each kind of call has its own kind of output item. */
export function encodeResult(part: ToolResultPart, at: string, context: OpenAIResponsesContext): JsonObject {
  const state = context.stateOf(part.origin);
  const type = asString(state?.["type"]) ?? outputTypeOf(context.callType(part.id));
  const base = { ...state, type };
  const id = context.callId(part.id);
  const text = textOf(part.content);
  switch (type) {
    case "shell_call_output":
      return { ...base, call_id: id, output: encodeShellOutput(part, text) };
    case "apply_patch_call_output":
      return {
        ...base,
        call_id: id,
        status: part.isError === true ? "failed" : "completed",
        output: text === "" ? undefined : text,
      };
    case "computer_call_output":
      return { ...base, call_id: id, output: encodeScreenshot(part, at, context) };
    case "mcp_approval_response":
      return { ...base, approval_request_id: id, ...encodeApproval(part, text) };
    case "tool_search_output":
      return { execution: "client", status: "completed", ...base, call_id: id, tools: objectsOf(text) };
    default:
      if (part.isError === true) context.unsupported(`${at}.isError`);
      return { ...base, call_id: id, output: encodeContent(part, at, context) };
  }
}

/** The type of the output item for a call. */
function outputTypeOf(callType: string): string {
  switch (callType) {
    case "mcp_approval_request":
      return "mcp_approval_response";
    case "tool_search_call":
      return "tool_search_output";
    default:
      return `${callType}_output`;
  }
}

function encodeContent(
  { content, cache }: ToolResultPart,
  at: string,
  context: OpenAIResponsesContext,
): string | JsonObject[] {
  if (content.length === 0) return "";
  if (typeof content !== "string") return encodeParts(content, `${at}.content`, context, cache);
  if (cache === undefined) return content;
  return encodeParts([{ type: "text", text: content }], `${at}.content`, context, cache);
}

/** Text that is a list of outputs as it is, any other as the standard output of one command. */
function encodeShellOutput(part: ToolResultPart, text: string): readonly JsonObject[] {
  const list = tryParse(text);
  if (Array.isArray(list) && list.every(isObject)) return list as JsonObject[];
  const exit_code = part.isError === true ? 1 : 0;
  return [{ stdout: text, stderr: "", outcome: { type: "exit", exit_code } }];
}

function encodeScreenshot(part: ToolResultPart, at: string, context: OpenAIResponsesContext): JsonObject {
  const [image] = typeof part.content === "string" ? [] : part.content;
  if (image?.type !== "image")
    context.refuse(`${at}.content`, { reason: "the result of a computer is one image of its screen" });
  const { image_url, file_id } = encodeParts([image], `${at}.content`, context)[0] ?? {};
  return { type: "computer_screenshot", image_url, file_id };
}

/** Text that is `{ approve, reason }` as it is. Any other result approves unless it is an error or `false`. */
function encodeApproval(part: ToolResultPart, text: string): JsonObject {
  const answer = tryParse(text);
  if (isObject(answer) && typeof answer["approve"] === "boolean")
    return { approve: answer["approve"], reason: asString(answer["reason"]) };
  const declined = answer === false || part.isError === true;
  return { approve: !declined, reason: declined && text !== "false" && text !== "" ? text : undefined };
}

function objectsOf(text: string): JsonObject[] {
  return asArray(tryParse(text)).filter(isObject);
}
