import type { JsonObject } from "../../../core/values/json.js";
import { encodeArguments } from "../../shared/common/tool-schema.js";
import type { OllamaContext } from "./context.js";

/** The tools of a request; undefined if none are offered. */
export function encodeTools(context: OllamaContext): JsonObject[] | undefined {
  const { tools = [] } = context;
  const toolChoice = context.choiceOfOffered();
  const named = typeof toolChoice === "object" ? toolChoice.name : undefined;
  const found = tools.some((tool) => tool.type === "function" && tool.name === named);
  if (toolChoice === "required" || (named !== undefined && !found)) context.unsupported("toolChoice");
  else if (named !== undefined) context.changed("toolChoice", "only that tool is offered");
  if (toolChoice === "none" && tools.length > 0) {
    context.changed("toolChoice");
    return undefined;
  }
  const encoded: JsonObject[] = [];
  tools.forEach((tool, i) => {
    if (!context.isOffered(tool)) return;
    const at = `tools.${i}`;
    if (tool.cache !== undefined) context.unsupported(`${at}.cache`);
    if (tool.type === "provider") {
      context.unsupported(at);
      return;
    }
    if (found && tool.name !== named) return;
    if (tool.strict === true) context.unsupported(`${at}.strict`);
    context.dropToolFields(tool, at);
    const { name, description } = tool;
    const { parameters } = encodeArguments(tool, at, context);
    encoded.push(
      context.extended({ type: "function", function: { name, description, parameters } }, tool.extensions),
    );
  });
  return encoded.length === 0 ? undefined : encoded;
}
