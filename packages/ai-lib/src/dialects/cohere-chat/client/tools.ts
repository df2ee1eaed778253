import type { JsonObject } from "../../../core/values/json.js";
import type { FunctionTool } from "../../../core/values/tool.js";
import { encodeArguments } from "../../shared/common/tool-schema.js";
import type { CohereContext } from "./context.js";

/** `tools`, `strict_tools` and `tool_choice` of a body. */
interface EncodedTools {
  readonly tools: JsonObject[] | undefined;
  readonly strict: boolean | undefined;
  readonly choice: string | undefined;
}

/** The tools of a request, whether they are strict, and whether to call them. */
export function encodeTools(context: CohereContext): EncodedTools {
  const { tools = [] } = context;
  const toolChoice = context.choiceOfOffered();
  const functions: FunctionTool[] = [];
  tools.forEach((tool, i) => {
    if (!context.isOffered(tool)) return;
    if (tool.cache !== undefined) context.unsupported(`tools.${i}.cache`);
    if (tool.type === "function") functions.push(tool);
    else context.unsupported(`tools.${i}`);
  });
  const named = typeof toolChoice === "object" ? toolChoice.name : undefined;
  const offered = named === undefined ? functions : functions.filter(({ name }) => name === named);
  if (named !== undefined) context.changed("toolChoice", { key: "toolChoice.name" });
  const strict = strictness(offered);
  if (strict === true)
    tools.forEach((tool, i) => {
      if (tool.type === "function" && tool.strict !== true && offered.includes(tool))
        context.changed(`tools.${i}.strict`);
    });
  return {
    tools:
      offered.length === 0
        ? undefined
        : offered.map((tool) => encodeTool(tool, `tools.${tools.indexOf(tool)}`, context)),
    strict,
    choice: encodeChoice(toolChoice),
  };
}

function encodeTool(tool: FunctionTool, at: string, context: CohereContext): JsonObject {
  const { name, description, extensions } = tool;
  context.dropToolFields(tool, at);
  const { parameters } = encodeArguments(tool, at, context);
  return context.extended({ type: "function", function: { name, description, parameters } }, extensions);
}

/** There is one switch for all tools: on if one tool asks for it. */
function strictness(tools: readonly FunctionTool[]): boolean | undefined {
  if (tools.some(({ strict }) => strict === true)) return true;
  return tools.some(({ strict }) => strict === false) ? false : undefined;
}

function encodeChoice(choice: ReturnType<CohereContext["choiceOfOffered"]>): string | undefined {
  if (choice === undefined || choice === "auto") return undefined;
  return choice === "none" ? "NONE" : "REQUIRED";
}
