import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { type Json, type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import { jsonFor } from "../../shared/common/headers.js";
import { encodeTier, OPENAI_TIERS } from "../../shared/common/service-tier.js";
import { metadataTexts } from "../../shared/openai/metadata.js";
import { encodePrediction } from "../../shared/openai/prediction.js";
import type { OmittableField } from "../shared/quirks.js";
import { OpenAIChatContext } from "./context.js";
import { encodeFormat } from "./format.js";
import { encodeMessages } from "./messages.js";
import { encodeReasoning } from "./reasoning.js";
import { encodeTools } from "./tools.js";

/**
 * A request for `POST /chat/completions`. https://platform.openai.com/docs/api-reference/chat/create
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for `continues` and for media that the endpoint does not accept.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const context = new OpenAIChatContext(request, mode, target);
  context.refuseContinues();
  context.dropPhases();
  const { quirks } = context;
  const messages = encodeMessages(context.messages, context);
  const fields: MutableJson = { model: target.model, messages };
  if (!hasMessagesAlone(request)) encodeFields(request, messages, fields, context);
  if (mode === "stream") {
    fields["stream"] = true;
    if (quirks.noStreamOptions !== true) fields["stream_options"] = { include_usage: true };
  }
  const body = quirks.body === undefined ? fields : mergeDeep(quirks.body, fields);
  return {
    http: {
      method: "POST",
      path: "/chat/completions",
      headers: encodeHeaders(request, context),
      body: context.json(context.extended(body, request.extensions)),
    },
    warnings: context.warnings,
  };
}

/** Whether a request has no field but its messages and a model, as many have. */
function hasMessagesAlone(request: ChatRequest): boolean {
  for (const field in request) if (field !== "messages" && field !== "model") return false;
  return true;
}

/** Adds all other fields of a request to those of the body, and what has no field to the messages. */
function encodeFields(
  request: ChatRequest,
  messages: MutableJson[],
  fields: MutableJson,
  context: OpenAIChatContext,
): void {
  if (
    request.tools !== undefined ||
    request.toolChoice !== undefined ||
    request.parallelToolCalls !== undefined
  )
    Object.assign(fields, encodeTools(request, context));
  if (request.responseFormat !== undefined) Object.assign(fields, encodeFormat(request, messages, context));
  encodeParameters(request, fields, context);
  if (request.reasoning !== undefined) Object.assign(fields, encodeReasoning(request, context));
}

function encodeHeaders(
  { cacheKey }: ChatRequest,
  { mode, quirks: { cacheKeyHeader } }: OpenAIChatContext,
): Readonly<Record<string, string>> {
  return cacheKeyHeader === undefined || cacheKey === undefined
    ? jsonFor(mode)
    : { ...jsonFor(mode), [cacheKeyHeader]: cacheKey };
}

/** The parameters of sampling, which OpenAI's reasoning models refuse. */
const SAMPLING: ReadonlySet<OmittableField> = new Set([
  "temperature",
  "topP",
  "presencePenalty",
  "frequencyPenalty",
  "logprobs",
  "logitBias",
] satisfies OmittableField[]);

function encodeParameters(request: ChatRequest, body: MutableJson, context: OpenAIChatContext): void {
  const { quirks } = context;
  const reasons = quirks.noSamplingWithReasoning === true && request.reasoning?.effort !== "none";
  const put = (field: OmittableField & keyof ChatRequest, name: string, value: Json | undefined): void => {
    if (value === undefined) return;
    if (quirks.omit?.includes(field) === true)
      context.unsupported(field, { reason: "this endpoint does not accept it" });
    else if (reasons && SAMPLING.has(field))
      context.unsupported(field, { reason: "the model accepts no sampling parameters while it reasons" });
    else body[name] = value;
  };
  const { bounds } = quirks;
  const bounded = (field: "temperature" | "logprobs", value: number): number | undefined =>
    reasons || quirks.omit?.includes(field) === true ? value : context.atMost(field, value, bounds?.[field]);
  put("maxTokens", quirks.maxTokensField ?? "max_tokens", request.maxTokens);
  if (request.temperature !== undefined)
    put("temperature", "temperature", bounded("temperature", request.temperature));
  put("topP", "top_p", request.topP);
  if (request.topK !== undefined) {
    if (quirks.topK === true) body["top_k"] = request.topK;
    else context.unsupported("topK");
  }
  if (request.stop !== undefined)
    put("stop", "stop", quirks.omit?.includes("stop") === true ? request.stop : context.stops(bounds?.stops));
  put("seed", quirks.seedField ?? "seed", request.seed);
  put("presencePenalty", "presence_penalty", request.presencePenalty);
  put("frequencyPenalty", "frequency_penalty", request.frequencyPenalty);
  if (request.logprobs !== undefined && quirks.logprobsCount === true) {
    const { logprobs } = request;
    if (logprobs !== false)
      put("logprobs", "logprobs", logprobs === true ? 1 : bounded("logprobs", logprobs));
  } else if (request.logprobs !== undefined) {
    put("logprobs", "logprobs", request.logprobs !== false);
    if (typeof request.logprobs === "number" && body["logprobs"] === true)
      body["top_logprobs"] = bounded("logprobs", request.logprobs);
  }
  if (request.serviceTier !== undefined)
    put(
      "serviceTier",
      "service_tier",
      encodeTier(request.serviceTier, quirks.serviceTiers ?? OPENAI_TIERS, context),
    );
  put("user", quirks.userField ?? "user", request.user);
  if (request.metadata !== undefined) put("metadata", "metadata", encodeMetadata(request, context));
  if (request.output !== undefined) put("output", "modalities", encodeModalities(request, context));
  if (request.output?.audio !== undefined) put("output", "audio", encodeAudio(request.output.audio, context));
  put("logitBias", "logit_bias", request.logitBias);
  put("prediction", "prediction", encodePrediction(request));
  put("verbosity", "verbosity", request.verbosity);
  put("store", "store", request.store);
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
