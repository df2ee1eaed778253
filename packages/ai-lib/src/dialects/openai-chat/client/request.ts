import {
  type DialectTarget,
  type Encoded,
  EncodeWarnings,
  extensionsFor,
} from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import { jsonFor } from "../../shared/common/headers.js";
import { type OmittableField, type OpenAiChatQuirks, quirksOf } from "../shared/quirks.js";
import { encodeFormat } from "./format.js";
import { encodeMessages } from "./messages.js";
import { encodeReasoning } from "./reasoning-encode.js";
import { encodeTools } from "./tools.js";

/** Writes a request. @throws {AiLibError} `UNSUPPORTED_FEATURE` for what no body could say. */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  if (request.continues !== undefined) refuseContinuation(request.continues.provider, target);
  const losses = new EncodeWarnings();
  const quirks = quirksOf(target);
  const messages = encodeMessages(request, target, quirks, losses);
  const body: MutableJson = { model: target.model, messages };
  encodeTools(body, request, target, quirks, losses);
  encodeFormat(body, messages, request, quirks, losses);
  encodeParameters(body, request, quirks, losses);
  encodeReasoning(body, request, quirks, losses);
  if (mode === "stream") {
    body["stream"] = true;
    if (quirks.noStreamOptions !== true) body["stream_options"] = { include_usage: true };
  }
  let merged: JsonObject = quirks.body === undefined ? body : mergeDeep(quirks.body, body);
  for (const extension of extensionsFor(request.extensions, "openai-chat", target.provider))
    merged = mergeDeep(merged, extension);
  const cacheKey = quirks.cacheKeyHeader === undefined ? undefined : request.cacheKey;
  return {
    http: {
      method: "POST",
      path: "/chat/completions",
      headers:
        quirks.cacheKeyHeader === undefined || cacheKey === undefined
          ? jsonFor(mode)
          : { ...jsonFor(mode), [quirks.cacheKeyHeader]: cacheKey },
      body: JSON.stringify(merged),
    },
    warnings: losses.warnings,
  };
}

function refuseContinuation(provider: string, target: DialectTarget): never {
  throw new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `The conversation goes on from state that ${provider} keeps; ${target.provider} keeps none over chat completions`,
    local: true,
  });
}

/** Fields that sampling is made of; OpenAI's reasoning models refuse them. */
const SAMPLING: ReadonlySet<OmittableField> = new Set([
  "temperature",
  "topP",
  "presencePenalty",
  "frequencyPenalty",
  "logprobs",
] satisfies OmittableField[]);

function encodeParameters(
  body: MutableJson,
  request: ChatRequest,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): void {
  const reasons = quirks.noSamplingWithReasoning === true && request.reasoning?.effort !== "none";
  const put = (field: OmittableField & keyof ChatRequest, name: string, value: MutableJson[string]): void => {
    if (value === undefined) return;
    if (quirks.omit?.includes(field) === true) losses.unsupported(field, "this endpoint does not take it");
    else if (reasons && SAMPLING.has(field))
      losses.unsupported(field, "this model takes no sampling parameters while it reasons");
    else body[name] = value;
  };
  put("maxTokens", quirks.maxTokensField ?? "max_tokens", request.maxTokens);
  put("temperature", "temperature", request.temperature);
  put("topP", "top_p", request.topP);
  if (request.topK !== undefined) {
    if (quirks.topK === true) body["top_k"] = request.topK;
    else
      losses.unsupported("topK", "the dialect has no such field, and this endpoint is not known to add it");
  }
  put("stop", "stop", request.stop);
  put("seed", quirks.seedField ?? "seed", request.seed);
  put("presencePenalty", "presence_penalty", request.presencePenalty);
  put("frequencyPenalty", "frequency_penalty", request.frequencyPenalty);
  if (request.logprobs !== undefined) {
    put("logprobs", "logprobs", request.logprobs !== false);
    if (typeof request.logprobs === "number" && body["logprobs"] === true)
      body["top_logprobs"] = request.logprobs;
  }
  put("serviceTier", "service_tier", request.serviceTier);
  put("user", quirks.userField ?? "user", request.user);
  put("metadata", "metadata", request.metadata);
  put("output", "modalities", request.output?.modalities);
  if (request.output?.audio !== undefined) put("output", "audio", { ...request.output.audio });
  if (request.cacheKey !== undefined && quirks.cacheKeyHeader === undefined) {
    if (quirks.cacheKeyField !== undefined) body[quirks.cacheKeyField] = request.cacheKey;
    else losses.unsupported("cacheKey", "this endpoint routes to its caches by itself or not at all");
  }
}
