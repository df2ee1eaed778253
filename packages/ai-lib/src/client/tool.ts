import type { JsonObject } from "../core/values/json.js";
import type { Message, ToolCallPart } from "../core/values/message.js";
import type { FunctionTool, TextTool } from "../core/values/tool.js";
import type { AnySchema, OutputOf } from "./standard-schema.js";

/** What a running tool receives in addition to its arguments. @typeParam C the type of `toolContext` */
export interface ToolContext<C = unknown> {
  /** Aborts when the run is aborted, when the caller leaves its loop, and when the time limit of the call expires. */
  readonly signal: AbortSignal;
  readonly call: ToolCallPart;
  readonly round: number;
  /** The conversation, up to the answer that called the tool. */
  readonly messages: readonly Message[];
  /** The option `toolContext` of the run: a user, a database. */
  readonly context: C;
  /** Reports progress to the code that iterates the run. The model does not receive it. */
  progress(value: unknown): void;
}

/** Runs a tool. See {@link RunnableTool.execute}. */
export type ToolFunction<Args, C> = (args: Args, context: ToolContext<C>) => unknown;

/** A tool with the code that runs it. */
// biome-ignore lint/suspicious/noExplicitAny: a list holds tools of different contexts; `runTools` checks each.
export interface RunnableTool<S extends AnySchema = AnySchema, C = any>
  extends Omit<FunctionTool, "type" | "parameters" | "outputSchema"> {
  /** The schema of the arguments: a JSON Schema, or a schema of zod, valibot, arktype or TypeBox. */
  readonly parameters: S;
  /** A JSON Schema of the result, for models that call tools from code. */
  readonly outputSchema?: JsonObject | undefined;
  /** Milliseconds that one call may take; then its signal aborts, and the model receives an error. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /**
   * Runs the tool. The model receives the return value: text unchanged, parts as parts, anything else as JSON. If the
   * function throws, the model receives an error. An async generator reports each yielded value as progress, and its
   * `return` is the result; without a `return`, the last yielded value is the result. A tool without this function runs
   * elsewhere, such as in a browser: the run pauses, and `client.runTools({ resume, results })` continues it.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a list holds tools of different arguments; `defineTool` types each.
  readonly execute?: ToolFunction<any, C> | undefined;
}

/**
 * Types a tool's arguments by its schema, and its context by the annotation of its second parameter.
 *
 * @example
 * import { z } from "zod";
 *
 * const weather = defineTool({
 *   name: "weather",
 *   parameters: z.object({ city: z.string() }),
 *   execute: ({ city }, { context }: ToolContext<{ units: string }>) => `21 ${context.units} in ${city}`,
 * });
 */
export function defineTool<S extends AnySchema, C = unknown>(
  tool: Omit<RunnableTool<S, C>, "execute"> & { readonly execute?: ToolFunction<OutputOf<S>, C> | undefined },
): RunnableTool<S, C> {
  return tool;
}

/** A tool that takes plain text instead of JSON, with the code that runs it; {@link defineTextTool} creates it. */
// biome-ignore lint/suspicious/noExplicitAny: a list holds tools of different contexts; `runTools` checks each.
export interface RunnableTextTool<C = any> extends TextTool {
  /** Milliseconds that one call may take; then its signal aborts, and the model receives an error. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Runs the tool with the text that the model wrote; works as for a {@link RunnableTool}. */
  readonly execute?: ToolFunction<string, C> | undefined;
}

/** A tool of a run: it takes JSON, or plain text. */
// biome-ignore lint/suspicious/noExplicitAny: as for each of the two.
export type AnyRunnableTool<C = any> = RunnableTool<AnySchema, C> | RunnableTextTool<C>;

/**
 * Defines a tool that takes plain text instead of JSON: code, a query, a patch. A target without such tools receives a
 * function with one text field; a grammar becomes its description, with a warning.
 *
 * @example
 * const query = defineTextTool({
 *   name: "query",
 *   description: "Runs a read-only SQL query",
 *   execute: (sql) => `You asked: ${sql}`,
 * });
 */
export function defineTextTool<C = unknown>(tool: Omit<RunnableTextTool<C>, "type">): RunnableTextTool<C> {
  return { ...tool, type: "text-tool" };
}

/** A call that failed without a result of its tool. */
export interface ToolFailure {
  readonly call: ToolCallPart;
  readonly round: number;
  /**
   * `threw`: the tool threw or rejected. `timeout`: its time limit expired. `unknown-tool`: no tool has the name.
   * `arguments`: they are not a JSON object, or do not fit the schema, or the input of a text tool is incomplete.
   */
  readonly reason: "threw" | "timeout" | "unknown-tool" | "arguments";
  /** What the model receives unless `onError` returns something else. */
  readonly message: string;
  /** What the tool threw. */
  readonly error?: unknown;
}
