import type { JsonObject } from "../../../core/values/json.js";
import { CLOSED_STRICT } from "../../shared/common/schema-rules.js";
import { encodeArguments } from "../../shared/common/tool-schema.js";
import { FAMILY } from "../shared/family.js";
import type { MistralContext } from "./context.js";

/** The tools of a request, and whether to call them. */
export function encodeTools(context: MistralContext): {
  readonly tools: JsonObject[] | undefined;
  readonly choice: string | JsonObject | undefined;
} {
  const { tools = [] } = context;
  const encoded: JsonObject[] = [];
  const toolChoice = context.choiceOfOffered();
  tools.forEach((tool, i) => {
    if (!context.isOffered(tool)) return;
    const at = `tools.${i}`;
    if (tool.cache !== undefined) context.unsupported(`${at}.cache`);
    if (tool.type === "function") {
      const { name, description } = tool;
      context.dropToolFields(tool, at);
      const { parameters, strict } = encodeArguments(tool, at, context, CLOSED_STRICT);
      encoded.push(
        context.extended(
          { type: "function", function: { name, description, parameters, strict } },
          tool.extensions,
        ),
      );
      return;
    }
    const slash = tool.id.indexOf("/");
    if (tool.id.slice(0, slash) === FAMILY) encoded.push({ type: tool.id.slice(slash + 1), ...tool.options });
    else context.unsupported(at, `"${tool.id}" is not one of them`);
  });
  return {
    tools: encoded.length === 0 ? undefined : encoded,
    choice: toolChoice === undefined ? undefined : encodeChoice(toolChoice),
  };
}

function encodeChoice(
  choice: NonNullable<ReturnType<MistralContext["choiceOfOffered"]>>,
): string | JsonObject {
  if (typeof choice === "object") return { type: "function", function: { name: choice.name } };
  return choice === "required" ? "any" : choice;
}
