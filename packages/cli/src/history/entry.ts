import { isObject } from "../json.js";

/** A recorded call: one line of the history file. */
export interface HistoryEntry {
  /** When the command asked, ISO 8601. */
  readonly time: string;
  /** The command: `"ask"`, `"chat"` or `"compare"`. */
  readonly command: string;
  readonly prompt: string;
  readonly provider?: string;
  readonly model?: string;
  readonly text?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly usageStatus?: string;
  /** US dollars, if the price is known. */
  readonly cost?: number;
  readonly totalMs?: number;
  readonly firstContentMs?: number;
  readonly attempts?: number;
  readonly finishReason?: string;
  /** `errorCodeWithSeverity()` of a call that failed. */
  readonly error?: string;
}

/** Whether a parsed line is an entry of the history. */
export function isEntry(value: unknown): value is HistoryEntry {
  return isObject(value) && typeof value["time"] === "string" && typeof value["prompt"] === "string";
}
