import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { Attempt, ServerAddress } from "../core/attempt.js";
import type { AiLibError } from "../core/error.js";
import type { ChatRequest } from "../core/request.js";
import type { ChatResponse } from "../core/response.js";
import type { Usage } from "../core/usage.js";
import { OPERATION, providerName } from "./otel-names.js";

/** Attributes without those that are undefined. */
function given(attributes: Record<string, AttributeValue | undefined>): Attributes {
  const set: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) set[name] = value;
  return set;
}

/** What is known of a request when it begins. Names: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ */
export function requestAttributes(request: ChatRequest, mode: "unary" | "stream"): Attributes {
  return given({
    "gen_ai.operation.name": OPERATION,
    "gen_ai.request.model": modelName(request.model),
    "gen_ai.request.stream": mode === "stream" ? true : undefined,
    "gen_ai.request.max_tokens": request.maxTokens,
    "gen_ai.request.temperature": request.temperature,
    "gen_ai.request.top_p": request.topP,
    "gen_ai.request.top_k": request.topK,
    "gen_ai.request.seed": request.seed,
    "gen_ai.request.stop_sequences": request.stop === undefined ? undefined : [...request.stop],
    "gen_ai.request.frequency_penalty": request.frequencyPenalty,
    "gen_ai.request.presence_penalty": request.presencePenalty,
    "gen_ai.request.reasoning.level": request.reasoning?.effort,
    "gen_ai.output.type": outputType(request),
  });
}

function modelName(model: string | undefined): string | undefined {
  return model === "" || model === "auto" ? undefined : model;
}

function outputType(request: ChatRequest): string | undefined {
  const asked = request.output?.modalities;
  if (asked?.includes("image") === true) return "image";
  if (asked?.includes("audio") === true) return "speech";
  if (request.responseFormat === undefined) return undefined;
  return request.responseFormat.type === "text" ? "text" : "json";
}

/**
 * What an answer tells.
 * @param whole false for what had come of one that failed: its finish reason is then `error`, as the convention has it
 */
export function responseAttributes(response: ChatResponse, whole: boolean): Attributes {
  return given({
    "gen_ai.provider.name": providerName(response.provider),
    "gen_ai.response.id": response.id,
    "gen_ai.response.model": response.model,
    "gen_ai.response.finish_reasons": whole ? [response.rawFinishReason ?? response.finishReason] : ["error"],
    ...usageAttributes(response.usage),
    "ai_lib.usage.status": response.usageStatus,
    "ai_lib.cost": response.cost,
    "ai_lib.warnings": response.warnings.length === 0 ? undefined : response.warnings.length,
  });
}

/** Cached and reasoning tokens are parts of the totals, there as here. */
function usageAttributes(usage: Usage): Record<string, AttributeValue | undefined> {
  return {
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
    "gen_ai.usage.cache_read.input_tokens": usage.cachedInputTokens,
    "gen_ai.usage.cache_creation.input_tokens": usage.cacheWriteInputTokens,
    "gen_ai.usage.reasoning.output_tokens": usage.reasoningTokens,
  };
}

/** `error.type` is the error's code; the rest of what is known of it under our own prefix. */
export function errorAttributes(error: AiLibError): Attributes {
  return given({
    "error.type": error.code,
    "ai_lib.error.code_with_severity": error.errorCodeWithSeverity(),
    "ai_lib.error.scope": error.scope,
    "ai_lib.error.local": error.local ? true : undefined,
    "ai_lib.error.committed": error.committed ? true : undefined,
    "ai_lib.error.provider_request_id": error.requestId,
    "http.response.status_code": error.status,
  });
}

/** Who an attempt asks. */
export function attemptAttributes(
  { target, waitMs, waitReason }: Attempt,
  number: number,
  server: ServerAddress | undefined,
): Attributes {
  return given({
    "gen_ai.operation.name": OPERATION,
    "gen_ai.provider.name": providerName(target.provider),
    "gen_ai.request.model": target.model,
    "server.address": server?.address,
    "server.port": server?.port,
    "ai_lib.attempt.number": number,
    "ai_lib.attempt.key": target.key,
    "ai_lib.attempt.account": target.account,
    "ai_lib.attempt.region": target.region,
    "ai_lib.attempt.wait_ms": waitMs,
    "ai_lib.attempt.wait_reason": waitReason,
  });
}

/**
 * How an attempt ended. Its tokens stand under our own names: a backend that adds up `gen_ai.usage.*` of all spans
 * would else count those of the request's span twice.
 */
export function attemptEndAttributes(attempt: Attempt): Attributes {
  return given({
    "gen_ai.response.model": attempt.outcome === "success" ? attempt.target.model : undefined,
    "ai_lib.attempt.outcome": attempt.outcome,
    "ai_lib.attempt.first_content_ms": attempt.firstContentMs,
    "ai_lib.attempt.input_tokens": attempt.usage?.inputTokens,
    "ai_lib.attempt.output_tokens": attempt.usage?.outputTokens,
    "ai_lib.attempt.usage_status": attempt.usageStatus,
    "ai_lib.attempt.cost": attempt.cost,
  });
}
