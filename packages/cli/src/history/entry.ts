/** A recorded call. */
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

/** The columns of the history, and the fields that they hold. */
export const COLUMNS = {
  time: "time",
  command: "command",
  prompt: "prompt",
  provider: "provider",
  model: "model",
  text: "text",
  input_tokens: "inputTokens",
  output_tokens: "outputTokens",
  usage_status: "usageStatus",
  cost: "cost",
  total_ms: "totalMs",
  first_content_ms: "firstContentMs",
  attempts: "attempts",
  finish_reason: "finishReason",
  error: "error",
} as const satisfies Readonly<Record<string, keyof HistoryEntry>>;
