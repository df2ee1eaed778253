import { asArray, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { Tool } from "../../../core/values/tool.js";
import { nineCharacters } from "../../shared/common/call-ids.js";

/** The longest name of a function that OpenAI and Anthropic accept. */
const LONGEST_NAME = 64;

/**
 * The name by which other vendors know a function of a namespace. A namespace groups functions, whose names are unique
 * within it: https://platform.openai.com/docs/guides/tools-tool-search.
 */
export function flatName(namespace: string, name: string): string {
  const whole = `${namespace}__${name}`;
  const plain = whole.replace(/[^A-Za-z0-9_-]/g, "_");
  if (plain === whole && plain.length <= LONGEST_NAME) return plain;
  const hash = nineCharacters(whole);
  return `${plain.slice(0, LONGEST_NAME - hash.length - 1)}_${hash}`;
}

/** How a client of this dialect knows a tool that the contract has as a function. */
export interface ClientTool {
  readonly type: "function_call" | "custom_tool_call";
  readonly name: string;
  readonly namespace?: string;
}

/** The tools of a request that the contract names or types otherwise, by the name in the contract. */
export function clientTools(tools: unknown): ReadonlyMap<string, ClientTool> {
  const found = new Map<string, ClientTool>();
  addTools(tools, undefined, found);
  return found;
}

function addTools(tools: unknown, namespace: string | undefined, found: Map<string, ClientTool>): void {
  for (const tool of asArray(tools)) {
    if (!isObject(tool)) continue;
    const name = asString(tool["name"]);
    if (name === undefined) continue;
    if (tool["type"] === "namespace" && namespace === undefined) addTools(tool["tools"], name, found);
    else if (tool["type"] === "custom")
      found.set(contractName(namespace, name), clientTool("custom_tool_call", namespace, name));
    else if (tool["type"] === "function" && namespace !== undefined)
      found.set(flatName(namespace, name), clientTool("function_call", namespace, name));
  }
}

function clientTool(type: ClientTool["type"], namespace: string | undefined, name: string): ClientTool {
  return namespace === undefined ? { type, name } : { type, name, namespace };
}

/** The name of a tool in the contract, by its namespace if it is in one. */
export function contractName(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : flatName(namespace, name);
}

/** The fields of a tool of the caller that only this dialect has. */
export function ownFields(tool: Tool): JsonObject | undefined {
  return tool.type === "provider" ? undefined : tool.extensions?.["openai-responses"];
}

/** Whether a tool takes text instead of JSON. A custom tool may be written as one of the provider. */
export function isCustom(tool: Tool): boolean {
  return tool.type === "provider" ? tool.id.endsWith("/custom") : tool.type === "text-tool";
}

/** The name that calls of a tool have; undefined for a tool whose calls are known by its type. */
export function nameOf(tool: Tool): string | undefined {
  return tool.type === "provider" ? asString(tool.options?.["name"]) : tool.name;
}
