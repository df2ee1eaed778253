import type { ChatResponse } from "../core/values/chat-response.js";
import type { JsonObject } from "../core/values/json.js";
import type { ToolRunResult } from "../core/values/tool-run.js";
import type { Usage, UsageStatus } from "../core/values/usage.js";
import type { ValidationIssue } from "../core/values/validation-issue.js";
import type { RunToolsOptions } from "./run-tools-options.js";
import type { AnyRunnableTool } from "./tool.js";

/**
 * How an object is asked for. `native`: by the provider's structured output. `tool`: by a tool that the model must call.
 * `json`: by the provider's JSON mode, with the schema in a system message.
 */
export type ObjectMode = "native" | "tool" | "json";

/** An answer that holds no object of the schema. */
export interface BrokenObject {
  /** What the model wrote: its text, or the arguments of the tool. */
  readonly text: string;
  /** Where it does not fit; empty where it is no JSON. */
  readonly issues: readonly ValidationIssue[];
  /** What is wrong, in words. */
  readonly message: string;
  /** The schema that the model was shown. */
  readonly schema: JsonObject;
}

/** Options of an object call. Those of a run of tools apply where `tools` are given. */
export interface ObjectOptions<C = unknown> extends RunToolsOptions<C> {
  /**
   * Default `auto`: `native`, but `tool` where the model is known to have no structured output. A mode that a target
   * refuses, or leaves out with a warning, is followed by the next of `native`, `tool` and `json`.
   */
  readonly mode?: ObjectMode | "auto" | undefined;
  /** The schema's name, which the model sees. Default `"response"`. */
  readonly schemaName?: string | undefined;
  readonly schemaDescription?: string | undefined;
  /** Whether the provider enforces the schema exactly, where it can. Default: the provider's. */
  readonly schemaStrict?: boolean | undefined;
  /**
   * Repairs an answer without asking again: returns the text of the object, or undefined where it cannot. It runs before
   * the model is asked again.
   */
  readonly repair?: ((broken: BrokenObject) => string | undefined | Promise<string | undefined>) | undefined;
  /**
   * How often the model is asked again with what is wrong, where its answer does not fit the schema. Each counts in
   * `usage` and `response.attempts`. Default 1.
   */
  readonly maxRepairs?: number | undefined;
  /** Tools that the model may call before it gives the object. */
  readonly tools?: readonly AnyRunnableTool<C>[] | undefined;
}

/** An object that passed its schema, and the answer that it came in. */
export interface ObjectResult<T> {
  readonly object: T;
  /** The answer that the object came in; its `attempts` are those of all answers. */
  readonly response: ChatResponse;
  /** How the object was asked for. */
  readonly mode: ObjectMode;
  /** How often the model was asked again. */
  readonly repairs: number;
  /** What all answers used. */
  readonly usage: Usage;
  readonly usageStatus: UsageStatus;
  /** US dollars of all answers; absent where a price is unknown. */
  readonly cost?: number;
  /** The run of `tools`, where some were given. */
  readonly toolRun?: ToolRunResult;
}

/** A value that is still being written: any property may be missing, and texts may be cut. */
export type DeepPartial<T> = T extends string | number | boolean | bigint | symbol | null | undefined | Date
  ? T
  : T extends readonly (infer Item)[]
    ? DeepPartial<Item>[]
    : T extends object
      ? { [K in keyof T]?: DeepPartial<T[K]> }
      : T;

/** The items of a list. */
export type ElementOf<T> = T extends readonly (infer Item)[] ? Item : never;

/** An object as it comes. One of `partials` and `elements` can be iterated, once. */
export interface ObjectStream<T> {
  /**
   * What is there so far, each time that more came; not checked yet. It begins again where the model is asked again.
   */
  readonly partials: AsyncIterable<DeepPartial<T>>;
  /**
   * The items of a list, each once it is whole and fits its schema. Fails rather than restart, since an item that was
   * given cannot be taken back.
   */
  readonly elements: AsyncIterable<ElementOf<T>>;
  /** The whole object, checked. Reads to the end if nobody iterates. Never raises an unhandled rejection. */
  object(): Promise<ObjectResult<T>>;
}
