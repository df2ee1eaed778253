import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { OllamaContext } from "./context.js";

/** The tools of a request; undefined if none are offered. */
export function encodeTools(
  { tools = [], toolChoice }: ChatRequest,
  context: OllamaContext,
): JsonObject[] | undefined {
  if (toolChoice === "required" || typeof toolChoice === "object") context.unsupported("toolChoice");
  if (toolChoice === "none" && tools.length > 0) {
    context.changed("toolChoice");
    return undefined;
  }
  const encoded: JsonObject[] = [];
  tools.forEach((tool, i) => {
    const at = `tools.${i}`;
    if (tool.cache !== undefined) context.unsupported(`${at}.cache`);
    if (tool.type === "provider") {
      context.unsupported(at);
      return;
    }
    if (tool.strict === true) context.unsupported(`${at}.strict`);
    const { name, description, parameters } = tool;
    encoded.push(
      context.extended({ type: "function", function: { name, description, parameters } }, tool.extensions),
    );
  });
  return encoded.length === 0 ? undefined : encoded;
}
