import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";

const METRICS = [
  "total_duration",
  "load_duration",
  "prompt_eval_count",
  "prompt_eval_duration",
  "eval_count",
  "eval_duration",
  // Of servers of this library.
  "estimated",
] as const;

/**
 * Usage of the last chunk. `prompt_eval_count` is absent if the whole prompt was cached. Durations are
 * nanoseconds and stay in `raw`. https://docs.ollama.com/api/usage
 */
export function usageOf(chunk: JsonObject): Usage | undefined {
  const input = tokenCount(chunk["prompt_eval_count"]);
  const output = tokenCount(chunk["eval_count"]);
  if (input === undefined && output === undefined) return undefined;
  const raw: MutableJson = {};
  for (const name of METRICS) if (chunk[name] !== undefined) raw[name] = chunk[name];
  return { inputTokens: input ?? 0, outputTokens: output ?? 0, raw };
}

/** Usage on the wire. */
export function encodeUsage(usage: Usage): JsonObject {
  return { prompt_eval_count: usage.inputTokens, eval_count: usage.outputTokens };
}
