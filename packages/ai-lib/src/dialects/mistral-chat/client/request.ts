import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import { encodeFormatName } from "../../shared/common/format-name.js";
import { jsonFor } from "../../shared/common/headers.js";
import { CLOSED_STRICT } from "../../shared/common/schema-rules.js";
import { encodeAnswer } from "../../shared/openai/answer-schema.js";
import { encodePrediction } from "../../shared/openai/prediction.js";
import { MistralContext } from "./context.js";
import { encodeMessages } from "./messages.js";
import { encodeEffort } from "./reasoning.js";
import { encodeTools } from "./tools.js";

/**
 * A request for `POST /chat/completions`. https://docs.mistral.ai/api/endpoint/chat
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for `continues` and for a file in another provider's store.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const context = new MistralContext(request, mode, target);
  context.refuseContinues();
  context.dropPhases();
  const logprobs = encodeLogprobs(request, context);
  const messages = encodeMessages(context.messages, context);
  const { tools, choice } = encodeTools(context);
  const body: MutableJson = {
    model: target.model,
    messages,
    stream: mode === "stream" ? true : undefined,
    tools,
    tool_choice: choice,
    parallel_tool_calls: request.parallelToolCalls,
    response_format: encodeFormat(request, context),
    max_tokens: request.maxTokens,
    // https://docs.mistral.ai/api/endpoint/chat
    temperature: context.atMost("temperature", request.temperature, 1.5),
    top_p: request.topP,
    stop: context.stops(),
    random_seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    logprobs: logprobs === undefined ? undefined : logprobs !== false,
    top_logprobs: typeof logprobs === "number" ? logprobs : undefined,
    reasoning_effort: encodeEffort(request, context),
    prediction: encodePrediction(request),
    service_tier: request.serviceTier,
    prompt_cache_key: request.cacheKey,
    metadata: request.metadata,
  };
  warnUnknown(request, context);
  return {
    http: {
      method: "POST",
      path: "/chat/completions",
      headers: jsonFor(mode),
      body: context.json(context.extended(body, request.extensions)),
    },
    warnings: context.warnings,
  };
}

function encodeFormat(
  { responseFormat: format }: ChatRequest,
  context: MistralContext,
): JsonObject | undefined {
  if (format === undefined) return undefined;
  if (format.type === "text") return { type: "text" };
  if (format.type === "json") return { type: "json_object" };
  const { name, description, strict } = format;
  const schema = encodeAnswer(format, context, CLOSED_STRICT);
  return {
    type: "json_schema",
    json_schema: { name: encodeFormatName(name, context), description, schema, strict },
  };
}

/** The API refuses them by model: "Logprobs are not enabled for this model" (recording `blocking-mistral-small`). */
function encodeLogprobs({ logprobs }: ChatRequest, context: MistralContext): ChatRequest["logprobs"] {
  if (logprobs === undefined || context.quirks.logprobs === true) return logprobs;
  if (logprobs !== false) context.unsupported("logprobs");
  return undefined;
}

/** Warns about fields that the API has no parameter for. */
function warnUnknown(request: ChatRequest, context: MistralContext): void {
  for (const field of ["topK", "user"] as const) if (request[field] !== undefined) context.unsupported(field);
  context.dropParameters("prediction");
  context.dropPromptCache();
  if (request.output?.modalities?.some((modality) => modality !== "text") === true)
    context.unsupported("output.modalities");
  if (request.output?.audio !== undefined) context.unsupported("output.audio");
}
