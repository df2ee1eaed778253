import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import { encodeTier, OPENAI_TIERS } from "../../shared/common/service-tier.js";
import { metadataTexts } from "../../shared/openai/metadata.js";
import { encodePrediction } from "../../shared/openai/prediction.js";
import type { OpenAIChatContext } from "./context.js";
import { encodeFormat } from "./format.js";
import type { ParameterEncoder } from "./parameters.js";
import { encodeReasoning } from "./reasoning.js";
import { encodeTools } from "./tools.js";

/** Adds all fields of a request to its body, and what has no field to the messages. */
export function encodeAllFields(parameters: ParameterEncoder, messages: MutableJson[]): void {
  const { request, body, context } = parameters;
  if (
    request.tools !== undefined ||
    request.toolChoice !== undefined ||
    request.parallelToolCalls !== undefined
  )
    Object.assign(body, encodeTools(request, context));
  if (request.responseFormat !== undefined) Object.assign(body, encodeFormat(request, messages, context));
  parameters.sampling();
  encodeOthers(parameters);
  if (request.reasoning !== undefined) Object.assign(body, encodeReasoning(request, context));
}

/** The parameters besides those of sampling. */
function encodeOthers(parameters: ParameterEncoder): void {
  const { request, body, context } = parameters;
  const { quirks } = context;
  if (request.logprobs !== undefined && quirks.logprobsCount === true) {
    const { logprobs } = request;
    if (logprobs !== false)
      parameters.put(
        "logprobs",
        "logprobs",
        logprobs === true ? 1 : parameters.bounded("logprobs", logprobs),
      );
  } else if (request.logprobs !== undefined) {
    parameters.put("logprobs", "logprobs", request.logprobs !== false);
    if (typeof request.logprobs === "number" && body["logprobs"] === true)
      body["top_logprobs"] = parameters.bounded("logprobs", request.logprobs);
  }
  if (request.serviceTier !== undefined)
    parameters.put(
      "serviceTier",
      "service_tier",
      encodeTier(request.serviceTier, quirks.serviceTiers ?? OPENAI_TIERS, context),
    );
  parameters.put("user", quirks.userField ?? "user", request.user);
  if (request.metadata !== undefined)
    parameters.put("metadata", "metadata", encodeMetadata(request, context));
  if (request.output !== undefined)
    parameters.put("output", "modalities", encodeModalities(request, context));
  if (request.output?.audio !== undefined)
    parameters.put("output", "audio", encodeAudio(request.output.audio, context));
  parameters.put("logitBias", "logit_bias", request.logitBias);
  parameters.put("prediction", "prediction", encodePrediction(request));
  parameters.put("verbosity", "verbosity", request.verbosity);
  parameters.put("store", "store", request.store);
  context.dropParameters("logitBias", "prediction", "verbosity", "store");
  context.dropPromptCache();
  if (request.cacheKey !== undefined && quirks.cacheKeyHeader === undefined) {
    if (quirks.cacheKeyField !== undefined) body[quirks.cacheKeyField] = request.cacheKey;
    else context.unsupported("cacheKey");
  }
}

/**
 * How the answer sounds.
 * @throws {AiLibError} `INVALID_REQUEST` where OpenAI would refuse it: it has no default for the voice or the format.
 */
function encodeAudio(
  audio: NonNullable<NonNullable<ChatRequest["output"]>["audio"]>,
  { quirks }: OpenAIChatContext,
): JsonObject {
  for (const field of ["voice", "format"] as const)
    if (quirks.outputModalities !== undefined && audio[field] === undefined)
      throw invalidRequest(`\`output.audio.${field}\` is missing: this endpoint has no default for it`);
  return { ...audio };
}

/** The kinds of output; those that the endpoint does not have are left out with a warning. */
function encodeModalities(
  { output }: ChatRequest,
  context: OpenAIChatContext,
): readonly string[] | undefined {
  const { outputModalities } = context.quirks;
  const asked = output?.modalities;
  if (asked === undefined || outputModalities === undefined) return asked;
  const known: readonly string[] = outputModalities;
  const taken = asked.filter((one) => known.includes(one));
  if (taken.length < asked.length)
    context.unsupported("output.modalities", { reason: `this endpoint answers in ${known.join(", ")}` });
  return taken.length === 0 ? undefined : taken;
}

/**
 * OpenAI accepts metadata only in requests that it stores, as strings:
 * https://platform.openai.com/docs/api-reference/chat/create#chat-create-metadata.
 */
function encodeMetadata(
  { metadata, store, extensions }: ChatRequest,
  context: OpenAIChatContext,
): JsonObject | undefined {
  if (metadata === undefined || context.quirks.metadataNeedsStore !== true) return metadata;
  if (store !== true && !context.extensionsFor(extensions).some((fields) => fields["store"] === true)) {
    context.unsupported("metadata", { reason: "it needs `store: true` in the request" });
    return undefined;
  }
  return metadataTexts(metadata, context);
}
