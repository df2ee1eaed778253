import type { FinishReason } from "../../../core/values/chat-response.js";
import type { ErrorCode } from "../../../core/values/error-code.js";

/** Every word for an ending that a speaker of the dialect was seen to use or documents. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  // Text Generation Inference and servers built on it.
  eos_token: "stop",
  stop_sequence: "stop",
  eos: "stop",
  // Gateways that pass Anthropic's, Cohere's and Gemini's words on.
  end_turn: "stop",
  complete: "stop",
  length: "length",
  max_tokens: "length",
  max_output_tokens: "length",
  model_length: "length",
  // Zhipu's word for a conversation that filled the window.
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
  guardrail_intervened: "content-filter",
};

/** Endings that are failures: the answer is not whole, and asking again can help. */
const FAILURES: Readonly<Record<string, ErrorCode>> = {
  // https://api-docs.deepseek.com/api/create-chat-completion
  insufficient_system_resource: "OVERLOADED",
  // Zhipu: "network_error" is an inference failure.
  network_error: "PROVIDER_ERROR",
  // OpenRouter normalises upstream failures to this.
  error: "PROVIDER_ERROR",
};

/** The contract's word for a speaker's `finish_reason`. */
export function finishOf(word: string): FinishReason {
  return REASONS[word] ?? REASONS[word.toLowerCase()] ?? "other";
}

/** The error that an ending is, where it is one. */
export function failureOf(word: string): ErrorCode | undefined {
  return FAILURES[word];
}

/** A finish reason as OpenAI spells it. */
export function finishWord(reason: FinishReason): string {
  switch (reason) {
    case "stop":
      return "stop";
    // No word of OpenAI's means it; one that is unknown reads as it again.
    case "other":
      return "other";
    case "length":
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
