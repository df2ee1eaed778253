import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { TextTool, Tool, ToolCaller, ToolChoice } from "../../../core/values/tool.js";
import { decodeGrammar } from "../../shared/openai/grammar.js";
import { TOOL_FAMILY } from "../shared/calls.js";
import { contractName } from "../shared/tools.js";

/** The tools of a request. */
export function decodeTools(value: unknown): Tool[] {
  const tools: Tool[] = [];
  for (const json of asArray(value)) {
    if (!isObject(json)) continue;
    const type = asString(json["type"]);
    if (type === undefined) continue;
    if (type === "namespace") tools.push(...decodeNamespace(json));
    else tools.push(decodeTool(type, json));
  }
  return tools;
}

function decodeTool(type: string, json: JsonObject, namespace?: JsonObject): Tool {
  if (type === "function") return decodeFunction(json, namespace);
  return type === "custom" ? decodeCustom(json, namespace) : decodeProviderTool(type, json);
}

/** The tools of a namespace, with the namespace's own fields on each: other dialects have no groups of tools. */
function decodeNamespace({ tools, ...namespace }: JsonObject): Tool[] {
  return asArray(tools)
    .filter(isObject)
    .map((json) => decodeTool(asString(json["type"]) ?? "function", json, namespace));
}

/** https://platform.openai.com/docs/guides/function-calling#custom-tools */
function decodeCustom(json: JsonObject, namespace: JsonObject | undefined): Tool {
  const { type: _type, name, description, format, ...more } = json;
  const { read, others } = decodeOwn(more);
  const own = asString(name) ?? "";
  const grammar = decodeGrammar(format);
  const unread = grammar === undefined && format !== undefined && asObject(format)?.["type"] !== "text";
  const rest = withNamespace(unread ? { ...others, format } : others, own, namespace);
  return {
    type: "text-tool",
    name: contractName(asString(namespace?.["name"]), own),
    ...(typeof description === "string" ? { description } : {}),
    ...(grammar === undefined ? {} : { grammar }),
    ...read,
    ...(Object.keys(rest).length === 0 ? {} : { extensions: { "openai-responses": rest } }),
  };
}

const CALLERS: Readonly<Record<string, ToolCaller>> = { direct: "model", programmatic: "code" };

/** The fields that all tools of the caller have, and the remaining ones. */
function decodeOwn(json: JsonObject): {
  readonly read: Pick<TextTool, "deferLoading" | "callers" | "async">;
  readonly others: JsonObject;
} {
  const { defer_loading: deferLoading, allowed_callers: allowed, async, ...others } = json;
  const callers = asArray(allowed).flatMap((word) => {
    const caller = typeof word === "string" && Object.hasOwn(CALLERS, word) ? CALLERS[word] : undefined;
    return caller === undefined ? [] : [caller];
  });
  return {
    read: {
      ...(typeof deferLoading === "boolean" ? { deferLoading } : {}),
      ...(callers.length === 0 ? {} : { callers }),
      ...(typeof async === "boolean" ? { async } : {}),
    },
    others,
  };
}

/** The fields of a tool from which a client half groups it again. */
function withNamespace(rest: JsonObject, name: string, namespace: JsonObject | undefined): JsonObject {
  return namespace === undefined ? rest : { ...rest, namespace: { ...namespace, function: name } };
}

function decodeFunction(json: JsonObject, namespace: JsonObject | undefined): Tool {
  const { type: _type, name, description, parameters, strict, output_schema, ...more } = json;
  const { read, others } = decodeOwn(more);
  const own = asString(name) ?? "";
  const rest = withNamespace(others, own, namespace);
  return {
    type: "function",
    name: contractName(asString(namespace?.["name"]), own),
    ...(typeof description === "string" ? { description } : {}),
    parameters: isObject(parameters) ? parameters : { type: "object", properties: {} },
    ...(typeof strict === "boolean" ? { strict } : {}),
    ...(isObject(output_schema) ? { outputSchema: output_schema } : {}),
    ...read,
    ...(Object.keys(rest).length === 0 ? {} : { extensions: { "openai-responses": rest } }),
  };
}

function decodeProviderTool(type: string, json: JsonObject): Tool {
  const { type: _type, ...options } = json;
  return {
    type: "provider",
    id: `${TOOL_FAMILY}/${type}`,
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

/** The tool choice of a request; undefined for one that the contract has no word for (a tool of the provider). */
export function decodeToolChoice(value: unknown): ToolChoice | undefined {
  if (value === "auto" || value === "none" || value === "required") return value;
  if (isObject(value) && value["type"] === "allowed_tools") return decodeAllowed(value);
  return decodeNamed(value);
}

function decodeAllowed({ mode, tools }: JsonObject): ToolChoice | undefined {
  const named = asArray(tools).map(decodeNamed);
  const names = named.flatMap((one) => (one === undefined ? [] : [one.name]));
  if (names.length === 0 || names.length < named.length) return undefined;
  return mode === "auto" || mode === "required" ? { names, mode } : { names };
}

function decodeNamed(value: unknown): { readonly name: string } | undefined {
  if (!isObject(value) || (value["type"] !== "function" && value["type"] !== "custom")) return undefined;
  const name = asString(value["name"]);
  return name === undefined ? undefined : { name: contractName(asString(value["namespace"]), name) };
}
