import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { ObserverEvent } from "../core/contract/observer.js";
import type { AiLibError } from "../core/errors/error.js";
import type { Attempt, ServerAddress } from "../core/values/attempt.js";
import type { ResponseOf } from "../core/values/kinds.js";
import { type RequestFields, requestFields, responseFields } from "./fields.js";
import { operationName, providerName } from "./otel-names.js";

/** Sets an attribute whose value is known. */
function setKnown(attributes: Attributes, name: string, value: AttributeValue | undefined): void {
  if (value !== undefined) attributes[name] = value;
}

/** Attributes of a request when it begins. Names: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ */
export function requestAttributes({
  kind,
  request: given,
  mode,
  provider,
  requestId,
}: Extract<ObserverEvent, { type: "request-start" }>): Attributes {
  const request = requestFields(given);
  const set: Attributes = {
    "gen_ai.operation.name": operationName(kind),
    "gen_ai.provider.name": providerName(provider),
    "ai_lib.request.id": requestId,
    "ai_lib.request.provider": provider,
  };
  setKnown(set, "gen_ai.request.model", modelName(given.model));
  if (mode === "stream") set["gen_ai.request.stream"] = true;
  setKnown(set, "gen_ai.request.max_tokens", request.maxTokens);
  setKnown(set, "gen_ai.request.temperature", request.temperature);
  setKnown(set, "gen_ai.request.top_p", request.topP);
  setKnown(set, "gen_ai.request.top_k", request.topK);
  setKnown(set, "gen_ai.request.seed", request.seed);
  if (request.stop !== undefined) set["gen_ai.request.stop_sequences"] = [...request.stop];
  setKnown(set, "gen_ai.request.frequency_penalty", request.frequencyPenalty);
  setKnown(set, "gen_ai.request.presence_penalty", request.presencePenalty);
  setKnown(set, "gen_ai.request.reasoning.level", request.reasoning?.effort);
  setKnown(set, "gen_ai.output.type", outputType(request));
  setKnown(set, "gen_ai.embeddings.dimension.count", request.dimensions);
  if (request.format !== undefined) set["gen_ai.request.encoding_formats"] = [request.format];
  return set;
}

function modelName(model: string | undefined): string | undefined {
  return model === "" || model === "auto" ? undefined : model;
}

function outputType(request: RequestFields): string | undefined {
  const asked = request.output?.modalities;
  if (asked?.includes("image") === true) return "image";
  if (asked?.includes("audio") === true) return "speech";
  if (request.responseFormat === undefined) return undefined;
  return request.responseFormat.type === "text" ? "text" : "json";
}

/**
 * Attributes of an answer.
 * @param whole false for a partial answer: its finish reason is then `error`, as the convention says
 */
export function responseAttributes(response: ResponseOf, whole: boolean): Attributes {
  const { usage, warnings } = response;
  const { finishReason, rawFinishReason } = responseFields(response);
  const set: Attributes = {
    "gen_ai.response.id": response.id,
    "gen_ai.response.model": response.model,
    "ai_lib.usage.status": response.usageStatus,
    // Cached and reasoning tokens are parts of the totals, as in ai-lib.
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
  };
  if (finishReason !== undefined)
    set["gen_ai.response.finish_reasons"] = whole ? [rawFinishReason ?? finishReason] : ["error"];
  setKnown(set, "gen_ai.usage.cache_read.input_tokens", usage.cachedInputTokens);
  setKnown(set, "gen_ai.usage.cache_creation.input_tokens", usage.cacheWriteInputTokens);
  setKnown(set, "gen_ai.usage.reasoning.output_tokens", usage.reasoningTokens);
  setKnown(set, "ai_lib.cost", response.cost);
  if (warnings.length > 0) set["ai_lib.warnings"] = warnings.length;
  return set;
}

/** Attributes of an error. `error.type` is its code; other facts have the prefix `ai_lib.`. */
export function errorAttributes(error: AiLibError): Attributes {
  const set: Attributes = {
    "error.type": error.code,
    "ai_lib.error.code_with_severity": error.errorCodeWithSeverity(),
    "ai_lib.error.scope": error.scope,
  };
  if (error.local) set["ai_lib.error.local"] = true;
  if (error.committed) set["ai_lib.error.committed"] = true;
  setKnown(set, "ai_lib.error.provider_request_id", error.requestId);
  setKnown(set, "http.response.status_code", error.status);
  return set;
}

/**
 * The target of an attempt, for its span and its metrics.
 * @param name the name of the provider in telemetry
 */
export function targetAttributes(
  kind: string,
  { target }: Attempt,
  name: string,
  server: ServerAddress | undefined,
): Attributes {
  const set: Attributes = {
    "gen_ai.operation.name": operationName(kind),
    "gen_ai.provider.name": name,
  };
  setKnown(set, "gen_ai.request.model", target.model);
  if (server !== undefined) {
    set["server.address"] = server.address;
    set["server.port"] = server.port;
  }
  return set;
}

/** Attributes of an attempt's span when it begins. */
export function attemptAttributes(attempt: Attempt, number: number, target: Attributes): Attributes {
  const { key, account, region } = attempt.target;
  const set: Attributes = { ...target };
  set["ai_lib.attempt.number"] = number;
  setKnown(set, "ai_lib.attempt.key", key);
  setKnown(set, "ai_lib.attempt.account", account);
  setKnown(set, "ai_lib.attempt.region", region);
  setKnown(set, "ai_lib.attempt.wait_ms", attempt.waitMs);
  setKnown(set, "ai_lib.attempt.wait_reason", attempt.waitReason);
  return set;
}

/**
 * Attributes of an attempt's span when it ends. Its tokens have names of ai-lib, since a backend that sums up
 * `gen_ai.usage.*` over all spans would count those of the request's span twice.
 */
export function attemptEndAttributes({
  target,
  outcome,
  firstContentMs,
  usage,
  usageStatus,
  cost,
}: Attempt): Attributes {
  const set: Attributes = { "ai_lib.attempt.outcome": outcome };
  if (outcome === "success") setKnown(set, "gen_ai.response.model", target.model);
  setKnown(set, "ai_lib.attempt.first_content_ms", firstContentMs);
  if (usage !== undefined) {
    set["ai_lib.attempt.input_tokens"] = usage.inputTokens;
    set["ai_lib.attempt.output_tokens"] = usage.outputTokens;
  }
  setKnown(set, "ai_lib.attempt.usage_status", usageStatus);
  setKnown(set, "ai_lib.attempt.cost", cost);
  return set;
}
