import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { FunctionTool, ProviderTool, ToolChoice, ToolChoiceAmong } from "../../../core/values/tool.js";
import { filled } from "../../shared/common/body-fields.js";
import { GEMINI_ARGUMENTS } from "../../shared/common/schema-rules.js";
import { encodeArguments, fitOpen, withItems } from "../../shared/common/tool-schema.js";
import { camelCase, FAMILY } from "../shared/family.js";
import type { GeminiContext } from "./context.js";
import { encodeOpenApi } from "./schema.js";

/** The tools of a request, and how to call them. */
export interface EncodedTools {
  readonly tools: readonly JsonObject[] | undefined;
  readonly config: JsonObject | undefined;
}

/** Tools as `tools` and `toolConfig`. https://ai.google.dev/api/caching#Tool */
export function encodeTools(request: ChatRequest, context: GeminiContext): EncodedTools {
  const functions: JsonObject[] = [];
  const own: JsonObject[] = [];
  const allowed = isAllowedList(request.toolChoice);
  context.tools?.forEach((tool, position) => {
    if (!allowed && !context.isOffered(tool)) return;
    const at = `tools.${position}`;
    if (tool.cache !== undefined) context.unsupported(`${at}.cache`);
    if (tool.type === "function") functions.push(encodeFunction(tool, at, context));
    else {
      const entry = encodeProviderTool(tool);
      if (entry !== undefined) own.push(entry);
      else context.unsupported(at, `"${tool.id}" is not one of them`);
    }
  });
  const tools = functions.length === 0 ? own : [...own, { functionDeclarations: functions }];
  const mixed = functions.length > 0 && own.length > 0 && context.facts.mixedTools;
  // "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling."
  const include = mixed && context.quirks.noServerSideToolInvocations !== true;
  return {
    tools: tools.length === 0 ? undefined : tools,
    config: filled({
      functionCallingConfig: encodeCalling(request, context),
      includeServerSideToolInvocations: include ? true : undefined,
    }),
  };
}

function encodeFunction(tool: FunctionTool, at: string, context: GeminiContext): JsonObject {
  const { name, description } = tool;
  const schema = withItems(encodeArguments(tool, at, context).parameters);
  const wire: JsonObject =
    context.quirks.openApiSchemas === true
      ? { name, description, parameters: encodeOpenApi(schema, `${at}.parameters`, context) }
      : {
          name,
          description,
          parametersJsonSchema: fitOpen(schema, `${at}.parameters`, GEMINI_ARGUMENTS, context),
        };
  context.dropToolFields(tool, at, "outputSchema");
  const { outputSchema } = tool;
  if (outputSchema === undefined) return context.extended(wire, tool.extensions);
  const result: JsonObject =
    context.quirks.openApiSchemas === true
      ? { response: encodeOpenApi(outputSchema, `${at}.outputSchema`, context) }
      : { responseJsonSchema: fitOpen(outputSchema, `${at}.outputSchema`, GEMINI_ARGUMENTS, context) };
  return context.extended({ ...wire, ...result }, tool.extensions);
}

/** Whether a choice is a list of functions of which one must be called: other lists have no form. */
function isAllowedList(choice: ToolChoice | undefined): choice is ToolChoiceAmong {
  return typeof choice === "object" && "names" in choice && choice.mode === "required";
}

/** `google/googleSearch` as `{ googleSearch: options }`; undefined for a tool of another family. */
function encodeProviderTool(tool: ProviderTool): JsonObject | undefined {
  const slash = tool.id.indexOf("/");
  const name = camelCase(tool.id.slice(slash + 1));
  return tool.id.slice(0, slash) === FAMILY && name !== "" ? { [name]: tool.options ?? {} } : undefined;
}

/** How functions are called. https://ai.google.dev/gemini-api/docs/function-calling#function_calling_modes */
function encodeCalling(request: ChatRequest, context: GeminiContext): JsonObject | undefined {
  const { tools = [] } = context;
  if (request.parallelToolCalls === false) context.unsupported("parallelToolCalls");
  if (!tools.some(({ type }) => type === "function")) {
    const choice = context.choiceOfOffered();
    if (tools.length > 0 && choice !== undefined && choice !== "auto" && choice !== "none")
      context.unsupported("toolChoice", { reason: "only functions can be chosen" });
    return undefined;
  }
  if (isAllowedList(request.toolChoice))
    return { mode: "ANY", allowedFunctionNames: request.toolChoice.names };
  const toolChoice = context.choiceOfOffered();
  if (typeof toolChoice === "object") return { mode: "ANY", allowedFunctionNames: [toolChoice.name] };
  if (toolChoice === "required") return { mode: "ANY" };
  if (toolChoice === "none") return { mode: "NONE" };
  const functions = tools
    .filter((tool) => tool.type === "function")
    .filter((tool) => context.isOffered(tool));
  const strict = functions.filter((tool) => tool.strict === true);
  if (strict.length > 0 && strict.length === functions.length && context.facts.validated)
    return { mode: "VALIDATED" };
  for (const tool of strict) context.unsupported(`tools.${tools.indexOf(tool)}.strict`);
  return toolChoice === "auto" ? { mode: "AUTO" } : undefined;
}
