import type { JsonObject } from "./json.js";
import type { CacheMark, Extensions, ToolCallPart, ToolResultPart } from "./message.js";
import { readToolOutput } from "./tool-output.js";

/** A tool that the caller runs. */
export interface FunctionTool {
  readonly type: "function";
  readonly name: string;
  readonly description?: string | undefined;
  /** A JSON Schema whose root is an object. */
  readonly parameters: JsonObject;
  /** Ask the provider to follow the schema exactly, where it can. */
  readonly strict?: boolean | undefined;
  readonly cache?: CacheMark | undefined;
  readonly extensions?: Extensions | undefined;
}

/** A tool that the provider runs: web search, code interpreter. */
export interface ProviderTool {
  readonly type: "provider";
  /** `family/tool`, such as `"openai/web_search"` or `"anthropic/web_search_20250305"`. */
  readonly id: `${string}/${string}`;
  /** The tool's settings, in the provider's words. */
  readonly options?: JsonObject | undefined;
  readonly cache?: CacheMark | undefined;
}

/** A tool of a request. */
export type Tool = FunctionTool | ProviderTool;

/** Whether the model may, must not or must call a tool, or which one. Default: `"auto"`. */
export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

/**
 * The result of a call, ready to stand in a `tool` message. Text and lists of complete parts are sent as they are, and
 * the blocks of an MCP result as parts; anything else becomes JSON text. See {@link readToolOutput}.
 * @param content what the tool returned.
 * @param options `isError`: the tool failed. Default: what an MCP result says, else absent.
 */
export function toolResult(
  call: Pick<ToolCallPart, "id" | "name">,
  content: unknown,
  options: { readonly isError?: boolean } = {},
): ToolResultPart {
  const output = readToolOutput(content);
  const isError = options.isError ?? output.isError;
  return {
    type: "tool-result",
    id: call.id,
    name: call.name,
    content: output.content,
    ...(isError === undefined ? {} : { isError }),
  };
}
