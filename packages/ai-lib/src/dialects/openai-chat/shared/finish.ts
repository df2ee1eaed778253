import type { FinishReason } from "../../../core/values/chat-response.js";
import type { ErrorCode } from "../../../core/values/error-code.js";

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
};

/** Finish reasons that mean a failure: the answer is incomplete, and another attempt can help. */
const FAILURES: Readonly<Record<string, ErrorCode>> = {
  // https://api-docs.deepseek.com/api/create-chat-completion
  insufficient_system_resource: "OVERLOADED",
  // Zhipu: "network_error" is an inference failure.
  network_error: "PROVIDER_ERROR",
  // OpenRouter: any failure of its upstream.
  error: "PROVIDER_ERROR",
};

/** The contract's word for a `finish_reason`. */
export function finishOf(word: string): FinishReason {
  return REASONS[word] ?? REASONS[word.toLowerCase()] ?? "other";
}

/** The error code for a finish reason that means a failure; undefined for any other. */
export function failureOf(word: string): ErrorCode | undefined {
  return FAILURES[word];
}

/** A finish reason as OpenAI spells it. */
export function finishWord(reason: FinishReason): string {
  switch (reason) {
    case "stop":
      return "stop";
    // OpenAI has no such word. An unknown one is decoded as `other` again.
    case "other":
      return "other";
    case "length":
      return "length";
    case "tool-calls":
      return "tool_calls";
    case "content-filter":
      return "content_filter";
    // Anthropic's word, as gateways pass it on.
    case "paused":
      return "pause_turn";
    default: {
      const never: never = reason;
      throw new TypeError(`Unknown finish reason ${String(never)}`);
    }
  }
}
