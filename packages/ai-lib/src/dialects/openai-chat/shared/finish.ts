import type { FinishReason } from "../../../core/values/chat-response.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { asObject, entryOf, type JsonObject } from "../../../core/values/json.js";
import { nonEmpty } from "../../shared/common/body-fields.js";

/** The finish reasons of all endpoints, from recordings and documentation. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  // Text Generation Inference and servers built on it.
  eos_token: "stop",
  stop_sequence: "stop",
  eos: "stop",
  // Gateways that pass on the words of Anthropic, Cohere and Gemini.
  end_turn: "stop",
  complete: "stop",
  length: "length",
  max_tokens: "length",
  max_output_tokens: "length",
  model_length: "length",
  // Zhipu: the conversation fills the context window.
  model_context_window_exceeded: "length",
  tool_calls: "tool-calls",
  tool_call: "tool-calls",
  tool_use: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
  // Zhipu.
  sensitive: "content-filter",
  safety: "content-filter",
  recitation: "content-filter",
  prohibited_content: "content-filter",
  blocklist: "content-filter",
  spii: "content-filter",
  refusal: "content-filter",
  pause_turn: "paused",
  guardrail_intervened: "content-filter",
  // An answer with this reason counts only if it has a call: see `failureOf`.
  malformed_function_call: "tool-calls",
  unexpected_tool_call: "tool-calls",
  too_many_tool_calls: "tool-calls",
  malformed_response: "tool-calls",
  malformed_model_output: "tool-calls",
  malformed_tool_use: "tool-calls",
};

/** Finish reasons that mean a failure: the answer is incomplete, and another attempt can help. */
const FAILURES: Readonly<Record<string, ErrorCode>> = {
  // https://api-docs.deepseek.com/api/create-chat-completion
  insufficient_system_resource: "OVERLOADED",
  // Zhipu: "network_error" is an inference failure.
  network_error: "PROVIDER_ERROR",
  // OpenRouter: any failure of its upstream.
  error: "PROVIDER_ERROR",
  // Gateways that pass on the words of Gemini and Bedrock: the model wrote a call that its vendor could not read.
  malformed_function_call: "INVALID_RESPONSE",
  unexpected_tool_call: "INVALID_RESPONSE",
  too_many_tool_calls: "INVALID_RESPONSE",
  malformed_response: "INVALID_RESPONSE",
  malformed_model_output: "INVALID_RESPONSE",
  malformed_tool_use: "INVALID_RESPONSE",
};

/** The contract's word for a `finish_reason`. */
export function finishOf(word: string): FinishReason {
  return entryOf(REASONS, word) ?? entryOf(REASONS, word.toLowerCase()) ?? "other";
}

/** The error code for a finish reason that means a failure; undefined for any other. */
export function failureOf(word: string): ErrorCode | undefined {
  return entryOf(FAILURES, word) ?? entryOf(FAILURES, word.toLowerCase());
}

/**
 * Why a choice ended, in the provider's words; undefined if it does not say so. Some endpoints have a second field:
 * OpenRouter's `native_finish_reason` has the word of the provider behind it, also where `finish_reason` is the word of
 * an answer that went well. The field that says more counts.
 */
export function finishIn(choice: JsonObject): string | undefined {
  const word = nonEmpty(choice["finish_reason"]);
  const native = moreTelling(word, choice["native_finish_reason"]);
  const stopped = moreTelling(native, choice["stop_reason"]);
  return moreTelling(stopped, asObject(choice["finish_details"])?.["type"]);
}

function moreTelling(telling: string | undefined, other: unknown): string | undefined {
  const found = nonEmpty(other);
  if (found === undefined || weightOf(found) === 0) return telling;
  return telling === undefined || weightOf(found) > Math.max(1, weightOf(telling)) ? found : telling;
}

/** How much a finish reason says: 0 nothing, 1 that the answer went well, more that it did not. */
function weightOf(word: string): number {
  const failure = failureOf(word);
  if (failure !== undefined) return failure === "PROVIDER_ERROR" ? 4 : 5;
  switch (finishOf(word)) {
    case "content-filter":
      return 3;
    case "length":
      return 2;
    case "stop":
    case "tool-calls":
      return 1;
    default:
      return 0;
  }
}

/** A finish reason as OpenAI spells it. */
export function finishWord(reason: FinishReason): string {
  switch (reason) {
    case "stop":
    // OpenAI has no word for an unknown reason, and strict clients reject unknown words.
    case "other":
      return "stop";
    case "length":
    // It has no word for a pause either. This one also says that the answer is incomplete.
    case "paused":
      return "length";
    case "tool-calls":
      return "tool_calls";
    case "content-filter":
      return "content_filter";
    default: {
      const never: never = reason;
      throw new TypeError(`Unknown finish reason ${String(never)}`);
    }
  }
}
