import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { asObject, type Json, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { defined, filled } from "../../shared/common/body-fields.js";
import { encodeFormatName } from "../../shared/common/format-name.js";
import { JSON_BODY } from "../../shared/common/headers.js";
import { STRICT_RULES } from "../../shared/common/schema-rules.js";
import { encodeTier, OPENAI_TIERS } from "../../shared/common/service-tier.js";
import { encodeAnswer } from "../../shared/openai/answer-schema.js";
import { metadataTexts } from "../../shared/openai/metadata.js";
import { LIFETIMES, OTHER_LIFETIME } from "../shared/cache.js";
import type { OmittableField } from "../shared/quirks.js";
import { OpenAIResponsesContext } from "./context.js";
import { encodeMessages } from "./messages.js";
import { encodeReasoning } from "./reasoning.js";
import { encodeTools } from "./tools.js";

const OMITTED = "this endpoint does not accept it";

/**
 * A request for `POST /responses`. The vendor stores nothing, unless the request continues a stored response
 * (`continues`) or has `store: true`. Without it, reasoning is encrypted and sent back with the
 * history (https://platform.openai.com/docs/guides/conversation-state).
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a response in another provider's store, and for media that the
 *   endpoint does not accept.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const context = new OpenAIResponsesContext(request, mode, target);
  context.refuseContinues(true);
  const { quirks } = context;
  const { instructions, input } = encodeMessages(context.messages, context);
  const { tools, choice } = encodeTools(request, context);
  const body: MutableJson = {
    ...quirks.body,
    model: target.model,
    instructions,
    input,
    tools,
    tool_choice: choice,
    text: encodeText(request, context),
    response_format: encodeResponseFormat(request, context),
    ...encodeParameters(request, context),
    reasoning: encodeReasoning(request, context),
    prompt_cache_options: encodePromptCache(request, context),
    previous_response_id: request.continues?.id,
    store: omits("store", context) ? undefined : context.stored,
    stream: mode === "stream" ? true : undefined,
  };
  warnUnknown(request, context);
  return {
    http: {
      method: "POST",
      path: quirks.path ?? "/responses",
      ...defined({ query: quirks.query }),
      headers: JSON_BODY,
      body: context.json(context.extended(body, request.extensions)),
    },
    warnings: context.warnings,
  };
}

/** `text`: the format, and how long the answer is. */
function encodeText(request: ChatRequest, context: OpenAIResponsesContext): JsonObject | undefined {
  const format = context.quirks.responseFormatField === true ? undefined : encodeFormat(request, context);
  const { verbosity } = request;
  if (verbosity === undefined) return format;
  if (!omits("verbosity", context)) return { ...format, verbosity };
  context.unsupported("verbosity", { reason: OMITTED });
  return format;
}

/** `response_format`, for an endpoint that has the format of an answer there. */
function encodeResponseFormat(request: ChatRequest, context: OpenAIResponsesContext): JsonObject | undefined {
  if (context.quirks.responseFormatField !== true) return undefined;
  const format = asObject(encodeFormat(request, context)?.["format"]);
  if (format === undefined) return undefined;
  const { type, ...json_schema } = format;
  if (type === "json_schema") return { type, json_schema };
  if (type === "json_object")
    context.unsupported("responseFormat", { reason: "this endpoint has no JSON mode without a schema" });
  return undefined;
}

/** https://platform.openai.com/docs/guides/prompt-caching; marks may have set a lifetime. */
function encodePromptCache(
  { promptCache }: ChatRequest,
  context: OpenAIResponsesContext,
): JsonObject | undefined {
  const { cacheTtl } = context;
  if (context.quirks.cacheBreakpoints !== true) context.dropPromptCache();
  else if (promptCache !== undefined) {
    const { mode, ttl: asked, compareWith, prewarm } = promptCache;
    const known = asked === undefined || LIFETIMES.has(asked);
    if (!known) context.unsupported("promptCache.ttl", { reason: OTHER_LIFETIME });
    const ttl = (known ? asked : undefined) ?? cacheTtl;
    return filled({
      mode: mode === undefined ? undefined : mode === "auto" ? "implicit" : "explicit",
      ttl,
      comparison_response_id: compareWith,
      prewarm,
    });
  }
  return cacheTtl === undefined ? undefined : { ttl: cacheTtl };
}

function encodeFormat(
  { responseFormat: format }: ChatRequest,
  context: OpenAIResponsesContext,
): JsonObject | undefined {
  if (format === undefined) return undefined;
  switch (format.type) {
    case "text":
      return { format: { type: "text" } };
    case "json":
      return { format: { type: "json_object" } };
    case "json-schema": {
      const { name, description, strict } = format;
      const schema = encodeAnswer(format, context, STRICT_RULES[context.quirks.strictSchemas ?? "openai"]);
      return {
        format: { type: "json_schema", name: encodeFormatName(name, context), description, schema, strict },
      };
    }
    default: {
      const never: never = format;
      throw new TypeError(`Unknown format ${JSON.stringify(never)}`);
    }
  }
}

function encodeParameters(request: ChatRequest, context: OpenAIResponsesContext): JsonObject {
  const { quirks } = context;
  const { logprobs } = request;
  const body: MutableJson = {};
  const put = (field: OmittableField, name: string, value: Json | undefined) => {
    if (value === undefined) return;
    if (quirks.omit?.includes(field) === true) context.unsupported(field, { reason: OMITTED });
    else body[name] = value;
  };
  const reasons = quirks.noSamplingWithReasoning === true && request.reasoning?.effort !== "none";
  const sample = (field: "temperature" | "topP" | "logprobs", name: string, value: Json | undefined) => {
    if (value !== undefined && reasons)
      context.unsupported(field, { reason: "the model accepts no sampling parameters while it reasons" });
    else put(field, name, value);
  };
  put("parallelToolCalls", "parallel_tool_calls", request.parallelToolCalls);
  put("maxToolCalls", "max_tool_calls", request.maxToolCalls);
  put("maxTokens", "max_output_tokens", request.maxTokens);
  // https://platform.openai.com/docs/api-reference/responses/create
  const own = context.ownTools && !reasons;
  sample(
    "temperature",
    "temperature",
    context.atMost("temperature", request.temperature, own ? 2 : undefined),
  );
  sample("topP", "top_p", request.topP);
  sample(
    "logprobs",
    "top_logprobs",
    typeof logprobs === "number" ? context.atMost("logprobs", logprobs, own ? 20 : undefined) : undefined,
  );
  put("serviceTier", "service_tier", encodeTier(request.serviceTier, OPENAI_TIERS, context));
  put("cacheKey", "prompt_cache_key", request.cacheKey);
  put("contextManagement", "context_management", encodeContextManagement(request, context));
  put("user", quirks.userField ?? "safety_identifier", request.user);
  put("metadata", "metadata", encodeMetadata(request, context));
  if (!omits("include", context)) {
    const include: string[] = [];
    if (!context.stored && wantsEncrypted(request, context)) include.push("reasoning.encrypted_content");
    if (body["top_logprobs"] !== undefined || logprobs === true) include.push("message.output_text.logprobs");
    if (include.length > 0) body["include"] = include;
  }
  return body;
}

/** https://platform.openai.com/docs/api-reference/responses/create */
function encodeMetadata({ metadata }: ChatRequest, context: OpenAIResponsesContext): JsonObject | undefined {
  return metadata === undefined ? undefined : metadataTexts(metadata, context);
}

/** https://platform.openai.com/docs/guides/compaction */
function encodeContextManagement(
  { contextManagement }: ChatRequest,
  context: OpenAIResponsesContext,
): readonly JsonObject[] | undefined {
  const { compactAt, clearToolResults } = contextManagement ?? {};
  if (clearToolResults !== undefined) context.unsupported("contextManagement.clearToolResults");
  return compactAt === undefined ? undefined : [{ type: "compaction", compact_threshold: compactAt }];
}

function omits(field: OmittableField, { quirks }: OpenAIResponsesContext): boolean {
  return quirks.omit?.includes(field) === true;
}

function wantsEncrypted({ reasoning }: ChatRequest, context: OpenAIResponsesContext): boolean {
  if (context.quirks.encryptedReasoning !== undefined) return context.quirks.encryptedReasoning;
  const reasons = reasoning !== undefined && reasoning.effort !== "none" && reasoning.budgetTokens !== 0;
  return reasons || context.echoesReasoning;
}

/** Warns about fields that the API has no parameter for. */
function warnUnknown(request: ChatRequest, context: OpenAIResponsesContext): void {
  for (const field of ["topK", "stop", "seed", "presencePenalty", "frequencyPenalty"] as const)
    if (request[field] !== undefined) context.unsupported(field);
  context.dropParameters("maxToolCalls", "verbosity", "contextManagement", "store", "reasoning.keep");
  for (const modality of request.output?.modalities ?? [])
    if (modality !== "text")
      context.unsupported("output.modalities", { key: `output.modalities.${modality}` });
  if (request.output?.audio !== undefined) context.unsupported("output.audio");
}
