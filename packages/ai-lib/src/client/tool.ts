import type { JsonObject } from "../core/values/json.js";
import type { Message, ToolCallPart } from "../core/values/message.js";
import type { FunctionTool, TextTool } from "../core/values/tool.js";
import type { AnySchema, OutputOf } from "./standard-schema.js";

/** What a running tool receives beside its arguments. @typeParam C what `toolContext` gives to the tools of a run */
export interface ToolContext<C = unknown> {
  /** Aborted with the run, when its loop is left, and when the time of the call is up. */
  readonly signal: AbortSignal;
  readonly call: ToolCallPart;
  readonly round: number;
  /** The conversation, up to the answer that called the tool. */
  readonly messages: readonly Message[];
  /** The option `toolContext` of the run: a user, a database. */
  readonly context: C;
  /** Reports progress to those who iterate the run. The model does not see it. */
  progress(value: unknown): void;
}

/** Runs a tool. See {@link RunnableTool.execute}. */
export type ToolFunction<Args, C> = (args: Args, context: ToolContext<C>) => unknown;

/** A tool with the code that runs it. */
// biome-ignore lint/suspicious/noExplicitAny: a list holds tools of different contexts; `runTools` checks each.
export interface RunnableTool<S extends AnySchema = AnySchema, C = any>
  extends Omit<FunctionTool, "type" | "parameters" | "outputSchema"> {
  /** What it takes: a JSON Schema, or a schema of zod, valibot, arktype or TypeBox. */
  readonly parameters: S;
  /** A JSON Schema of what it returns, for models that call tools from code. */
  readonly outputSchema?: JsonObject | undefined;
  /** Milliseconds that one call may take; then its signal aborts, and the model receives an error. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /**
   * Runs it. What it returns goes to the model: text as it is, parts as parts, anything else as JSON. What it throws goes
   * there as an error. An async generator reports each value that it yields as progress, and its `return` is the result;
   * without one, the last value that it yielded is. A tool without this function has its code elsewhere, such as in a
   * browser: the run pauses, and `client.runTools({ resume, results })` goes on.
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

/** A tool that takes plain text in place of JSON, with the code that runs it; {@link defineTextTool} makes it. */
// biome-ignore lint/suspicious/noExplicitAny: a list holds tools of different contexts; `runTools` checks each.
export interface RunnableTextTool<C = any> extends TextTool {
  /** Milliseconds that one call may take; then its signal aborts, and the model receives an error. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Runs it with the text that the model wrote; as for a {@link RunnableTool}. */
  readonly execute?: ToolFunction<string, C> | undefined;
}

/** A tool of a run: it takes JSON, or plain text. */
// biome-ignore lint/suspicious/noExplicitAny: as for each of the two.
export type AnyRunnableTool<C = any> = RunnableTool<AnySchema, C> | RunnableTextTool<C>;

/**
 * A tool that takes plain text in place of JSON: code, a query, a patch. A target without such tools gets a function with
 * one text field, and a grammar becomes its description, with a warning.
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

/** A call that did not come to a result of its tool. */
export interface ToolFailure {
  readonly call: ToolCallPart;
  readonly round: number;
  /**
   * `threw`: the tool threw or rejected. `timeout`: its time was up. `unknown-tool`: no tool has the name. `arguments`:
   * they are no JSON object, or do not fit the schema; or the input of a text tool is not whole.
   */
  readonly reason: "threw" | "timeout" | "unknown-tool" | "arguments";
  /** What the model receives unless `onError` returns something else. */
  readonly message: string;
  /** What the tool threw. */
  readonly error?: unknown;
}
