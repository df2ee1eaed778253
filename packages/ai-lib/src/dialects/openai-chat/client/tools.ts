import { type DialectTarget, type EncodeWarnings, extensionsFor } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { type Json, type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type { FunctionTool, ProviderTool, ToolChoice } from "../../../core/values/tool.js";
import type { OpenAiChatQuirks } from "../shared/quirks.js";
import { cacheControl } from "./cache.js";
import { stripKeywords } from "./schema.js";

/** Writes `tools`, `tool_choice` and `parallel_tool_calls`. */
export function encodeTools(
  body: MutableJson,
  request: ChatRequest,
  target: DialectTarget,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): void {
  const tools: JsonObject[] = [];
  (request.tools ?? []).forEach((tool, i) => {
    const at = `tools.${i}`;
    const entry =
      tool.type === "function"
        ? functionTool(tool, at, target, quirks, losses)
        : providerTool(body, tool, at, target, quirks, losses);
    if (entry !== undefined) tools.push({ ...entry, ...cacheControl(tool.cache, at, quirks, losses) });
  });
  if (tools.length > 0) {
    if (quirks.omit?.includes("tools") === true) losses.unsupported("tools", "this model takes no tools");
    else body["tools"] = tools;
  }
  const offered = body["tools"] !== undefined;
  if (request.toolChoice !== undefined) encodeChoice(body, request.toolChoice, offered, quirks, losses);
  if (request.parallelToolCalls !== undefined) {
    if (quirks.omit?.includes("parallelToolCalls") === true)
      losses.unsupported("parallelToolCalls", "this endpoint decides by itself");
    // OpenAI refuses the field where no tools are: "'parallel_tool_calls' is only allowed when 'tools' are specified".
    else if (offered) body["parallel_tool_calls"] = request.parallelToolCalls;
    else losses.unsupported("parallelToolCalls", "the request has no tools");
  }
}

function functionTool(
  tool: FunctionTool,
  at: string,
  target: DialectTarget,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): JsonObject {
  const strict = tool.strict !== undefined && quirks.noStrictTools === true;
  if (strict) losses.unsupported(`${at}.strict`, "this endpoint takes no strict tools");
  let entry: JsonObject = {
    type: "function",
    function: {
      name: tool.name,
      description: tool.description,
      parameters: stripKeywords(tool.parameters, quirks.stripSchemaKeywords),
      strict: strict ? undefined : tool.strict,
    },
  };
  for (const extension of extensionsFor(tool.extensions, "openai-chat", target.provider))
    entry = mergeDeep(entry, extension);
  return entry;
}

function providerTool(
  body: MutableJson,
  tool: ProviderTool,
  at: string,
  target: DialectTarget,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): JsonObject | undefined {
  const form = quirks.providerTools?.[tool.id];
  if (form !== undefined && "field" in form) {
    body[form.field] = tool.options ?? {};
    return undefined;
  }
  if (form !== undefined) return mergeDeep(form.tool, tool.options ?? {});
  const slash = tool.id.indexOf("/");
  const family = tool.id.slice(0, slash);
  if (family === target.provider || family === "openai-chat")
    return { type: tool.id.slice(slash + 1), ...tool.options };
  losses.unsupported(at, `"${tool.id}" is a tool that ${target.provider} does not run`);
  return undefined;
}

function encodeChoice(
  body: MutableJson,
  choice: ToolChoice,
  offered: boolean,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): void {
  const kind = typeof choice === "string" ? choice : "named";
  if (!offered) {
    // `tool_choice` without tools is refused, and "none" and "auto" then say nothing.
    if (kind !== "none" && kind !== "auto") losses.unsupported("toolChoice", "the request has no tools");
    return;
  }
  const known = quirks.toolChoices;
  if (known !== undefined && !known.includes(kind)) {
    if (kind === "none") {
      losses.changed("toolChoice", 'this endpoint knows no "none"; the tools were left out');
      delete body["tools"];
    } else losses.unsupported("toolChoice", "this endpoint decides by itself which tool is called");
    return;
  }
  const written: Json =
    typeof choice === "string" ? choice : { type: "function", function: { name: choice.name } };
  body["tool_choice"] = written;
}
