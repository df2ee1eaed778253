import { invalidRequest } from "../../../core/errors/error.js";
import { asObject, asString, type JsonObject } from "../../../core/values/json.js";
import type { ToolResultPart } from "../../../core/values/message.js";
import { textOf } from "../shared/calls.js";
import { extensionsOf, FAMILY } from "./fields.js";
import { decodeContent, decodeImage } from "./parts.js";

/** The result of a tool that the caller ran, from any type of output item. */
export function decodeResult(item: JsonObject, type: string, at: string): ToolResultPart {
  const { type: _type, call_id, approval_request_id, output, ...rest } = item;
  // The output of a local shell has the id of its call.
  const id = asString(call_id) ?? asString(approval_request_id) ?? asString(rest["id"]);
  if (id === undefined) throw invalidRequest(`\`${at}.call_id\` is missing`);
  const part = { type: "tool-result", id } as const;
  switch (type) {
    case "function_call_output":
      return { ...part, content: decodeOutput(output, at), ...extensionsOf(rest) };
    case "custom_tool_call_output":
    case "local_shell_call_output":
      return { ...part, content: decodeOutput(output, at), ...kind(type), ...extensionsOf(rest) };
    case "shell_call_output":
      return { ...part, content: textOf(output ?? []), ...kind(type), ...extensionsOf(rest) };
    case "apply_patch_call_output": {
      const { status, ...others } = rest;
      const failed = status === "failed" ? { isError: true } : {};
      return { ...part, content: asString(output) ?? "", ...failed, ...kind(type), ...extensionsOf(others) };
    }
    case "computer_call_output": {
      const screen = asObject(output);
      if (screen === undefined) throw invalidRequest(`\`${at}.output\` must be a picture of the screen`);
      return {
        ...part,
        content: [decodeImage(screen, `${at}.output`)],
        ...kind(type),
        ...extensionsOf(rest),
      };
    }
    case "mcp_approval_response": {
      const { approve, reason, ...others } = rest;
      const answer = { approve: approve === true, ...(typeof reason === "string" ? { reason } : {}) };
      return { ...part, content: JSON.stringify(answer), ...kind(type), ...extensionsOf(others) };
    }
    case "tool_search_output": {
      const { tools, execution: _execution, status: _status, ...others } = rest;
      return { ...part, content: textOf(tools ?? []), ...kind(type), ...extensionsOf(others) };
    }
    default:
      return { ...part, content: textOf(output ?? ""), ...kind(type), ...extensionsOf(rest) };
  }
}

/** The type of the output, as state: the call that shows it may be stored at the vendor (`previous_response_id`). */
function kind(type: string): Pick<ToolResultPart, "origin"> {
  return { origin: { family: FAMILY, data: { type } } };
}

function decodeOutput(output: unknown, at: string): ToolResultPart["content"] {
  return Array.isArray(output) ? decodeContent(output, `${at}.output`) : textOf(output ?? "");
}
