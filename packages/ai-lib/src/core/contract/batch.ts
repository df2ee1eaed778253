import type { AiLibError } from "../errors/error.js";
import type { ChatResponse } from "../values/chat-response.js";
import type { CallOptions } from "./call.js";

/** Options of a batch, for each of its calls. */
export interface BatchOptions extends CallOptions {
  /** Calls under way at the same time. Default 8. */
  readonly concurrency?: number | undefined;
  /** Called after each item, in order of completion. */
  readonly onItem?: ((item: BatchItem, done: number, total: number) => void) | undefined;
}

/** One result of a batch: exactly one of `response` and `error`. */
export type BatchItem =
  | { readonly index: number; readonly response: ChatResponse; readonly error?: undefined }
  | { readonly index: number; readonly response?: undefined; readonly error: AiLibError };
