import type { ChatResponse } from "../core/values/chat-response.js";
import type { JsonObject } from "../core/values/json.js";
import type { ToolRunResult } from "../core/values/tool-run.js";
import type { Usage, UsageStatus } from "../core/values/usage.js";
import type { ValidationIssue } from "../core/values/validation-issue.js";
import type { RunToolsOptions } from "./run-tools-options.js";
import type { AnyRunnableTool } from "./tool.js";

/**
 * How to ask for an object. `native`: with the provider's structured output. `tool`: with a tool that the model must
 * call. `json`: with the provider's JSON mode, with the schema in a system message.
 */
export type ObjectMode = "native" | "tool" | "json";

/** An answer that contains no object that fits the schema. */
export interface BrokenObject {
  /** What the model wrote: its text, or the arguments of the tool. */
  readonly text: string;
  /** The places that do not fit; empty if the answer is not JSON. */
  readonly issues: readonly ValidationIssue[];
  /** What is wrong, in words. */
  readonly message: string;
  /** The schema that the model was shown. */
  readonly schema: JsonObject;
}

/** Options of an object call. The options of a tool run apply if you pass `tools`. */
export interface ObjectOptions<C = unknown> extends RunToolsOptions<C> {
  /**
   * Default `auto`: `native`, or `tool` if the model is known to have no structured output. If a target refuses a mode, or
   * ignores it with a warning, the call tries the next of `native`, `tool` and `json`.
   */
  readonly mode?: ObjectMode | "auto" | undefined;
  /** The schema's name, which the model sees. Default `"response"`. */
  readonly schemaName?: string | undefined;
  readonly schemaDescription?: string | undefined;
  /** Whether the provider must enforce the schema exactly, if it can. Default: the default of the provider. */
  readonly schemaStrict?: boolean | undefined;
  /**
   * Repairs an answer without another request: returns the text of the object, or undefined if it cannot repair it. It
   * runs before the client asks the model again.
   */
  readonly repair?: ((broken: BrokenObject) => string | undefined | Promise<string | undefined>) | undefined;
  /**
   * How often to tell the model what is wrong and ask again, if its answer does not fit the schema. Each repair counts in
   * `usage` and `response.attempts`. Default 1.
   */
  readonly maxRepairs?: number | undefined;
  /** Tools that the model may call before it returns the object. */
  readonly tools?: readonly AnyRunnableTool<C>[] | undefined;
}

/** An object that fits its schema, and the answer that contains it. */
export interface ObjectResult<T> {
  readonly object: T;
  /** The answer that contains the object; its `attempts` are those of all answers. */
  readonly response: ChatResponse;
  /** The mode that produced the object. */
  readonly mode: ObjectMode;
  /** The number of repair requests. */
  readonly repairs: number;
  /** The usage of all answers. */
  readonly usage: Usage;
  readonly usageStatus: UsageStatus;
  /** The cost of all answers in US dollars; absent if a price is unknown. */
  readonly cost?: number;
  /** The run of `tools`, where some were given. */
  readonly toolRun?: ToolRunResult;
}

/** An incomplete value: any property may be missing, and strings may be cut. */
export type DeepPartial<T> = T extends string | number | boolean | bigint | symbol | null | undefined | Date
  ? T
  : T extends readonly (infer Item)[]
    ? DeepPartial<Item>[]
    : T extends object
      ? { [K in keyof T]?: DeepPartial<T[K]> }
      : T;

/** The items of a list. */
export type ElementOf<T> = T extends readonly (infer Item)[] ? Item : never;

/** A streamed object. You can iterate either `partials` or `elements`, once. */
export interface ObjectStream<T> {
  /**
   * The object so far, after each new piece; not checked. It starts again if the client asks the model again.
   */
  readonly partials: AsyncIterable<DeepPartial<T>>;
  /**
   * The items of a list, each when it is complete and fits its schema. If the answer would have to start again, the
   * iteration fails, because delivered items cannot be withdrawn.
   */
  readonly elements: AsyncIterable<ElementOf<T>>;
  /** Resolves to the complete, checked object. Reads to the end if you do not iterate. Never causes an unhandled rejection. */
  object(): Promise<ObjectResult<T>>;
}
