import type { JsonObject } from "./json.js";
import type { CacheMark, Extensions, ToolCallPart, ToolResultPart } from "./message.js";
import { readToolOutput } from "./tool-output.js";

/** Who calls a tool. */
export type ToolCaller = "model" | "code";

/** A tool that the caller runs. */
export interface FunctionTool {
  readonly type: "function";
  readonly name: string;
  readonly description?: string | undefined;
  /** A JSON Schema whose root is an object. */
  readonly parameters: JsonObject;
  /** Asks the provider to follow the schema exactly, if it can. */
  readonly strict?: boolean | undefined;
  /** A JSON Schema of the tool's result, for models that call tools from code. */
  readonly outputSchema?: JsonObject | undefined;
  /** Arguments of sample calls, which show the model how to combine fields. */
  readonly examples?: readonly JsonObject[] | undefined;
  /** The model sees the tool only once it has found it with a tool search of the provider. Default: false. */
  readonly deferLoading?: boolean | undefined;
  /**
   * Streams arguments while the model generates them, without the provider's check, so that they begin earlier.
   * Default: false.
   */
  readonly eager?: boolean | undefined;
  /**
   * Who may call the tool: `model` in its answer, or `code` that the model writes and the provider runs. Default:
   * `["model"]`. https://platform.claude.com/docs/en/agents-and-tools/tool-use/programmatic-tool-calling
   */
  readonly callers?: readonly ToolCaller[] | undefined;
  /**
   * The model continues without the result of a call: the result may follow in any later turn, and until then the
   * history may lack it. Default: false.
   */
  readonly async?: boolean | undefined;
  readonly cache?: CacheMark | undefined;
  readonly extensions?: Extensions | undefined;
}

/** The grammar of the text of a {@link TextTool}. */
export interface Grammar {
  /** `lark`: a grammar of the Lark parser. `regex`: a regular expression in Rust's syntax. */
  readonly syntax: "lark" | "regex";
  readonly definition: string;
}

/**
 * A tool that the caller runs and that takes plain text in place of JSON: code, a query, a patch. Its calls have an
 * `input`. A target without such tools gets a function with one text field, and its calls are text again.
 * https://platform.openai.com/docs/guides/function-calling#custom-tools
 */
export interface TextTool {
  readonly type: "text-tool";
  readonly name: string;
  readonly description?: string | undefined;
  /** Default: any text. A target without grammars gets it as a description, with a warning. */
  readonly grammar?: Grammar | undefined;
  /** As for a function. Default: false. */
  readonly deferLoading?: boolean | undefined;
  /** As for a function. Default: `["model"]`. */
  readonly callers?: readonly ToolCaller[] | undefined;
  /** As for a function. Default: false. */
  readonly async?: boolean | undefined;
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
export type Tool = FunctionTool | TextTool | ProviderTool;

/** Tools among which the model chooses; it still sees the others, and does not call them. */
export interface ToolChoiceAmong {
  /** Names of tools of the request that the caller runs. */
  readonly names: readonly string[];
  /** Whether the model may or must call one of them. Default: `"auto"`. */
  readonly mode?: "auto" | "required" | undefined;
}

/** Whether the model may, must not or must call a tool, which one, or which ones. Default: `"auto"`. */
export type ToolChoice = "auto" | "none" | "required" | { readonly name: string } | ToolChoiceAmong;

/** Whether a choice forces the model to call a tool. */
export function forcesCall(choice: ToolChoice | undefined): boolean {
  if (typeof choice !== "object") return choice === "required";
  return "name" in choice || choice.mode === "required";
}

/**
 * The result of a call, for a `tool` message. Text and lists of complete parts are sent as they are, and the blocks of
 * an MCP result as parts; anything else becomes JSON text. See {@link readToolOutput}.
 * @param content the value that the tool returned.
 * @param options `isError`: the tool failed. Default: that of an MCP result, else absent.
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
