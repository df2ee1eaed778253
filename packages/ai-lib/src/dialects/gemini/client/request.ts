import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import { pathSegment } from "../../../core/contract/places.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import { filled } from "../../shared/common/body-fields.js";
import { JSON_BODY } from "../../shared/common/headers.js";
import { GEMINI_ANSWERS } from "../../shared/common/schema-rules.js";
import { encodeTier } from "../../shared/common/service-tier.js";
import { fitAnswer } from "../../shared/common/tool-schema.js";
import { GeminiContext } from "./context.js";
import { encodeMessages } from "./messages.js";
import { encodeThinking } from "./reasoning.js";
import { encodeOpenApi } from "./schema.js";
import { encodeTools } from "./tools.js";

/**
 * A request for `generateContent` or `streamGenerateContent`. https://ai.google.dev/api/generate-content
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for `continues` and for a file in another provider's store.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const context = new GeminiContext(request, mode, target);
  context.refuseContinues();
  context.dropPhases();
  const { instruction, contents } = encodeMessages(context.messages, context);
  const { tools, config } = encodeTools(request, context);
  const tier = context.quirks.noServiceTier !== true;
  if (request.serviceTier !== undefined && !tier)
    context.unsupported("serviceTier", { reason: "this endpoint chooses tiers by header" });
  const body: JsonObject = {
    systemInstruction: instruction,
    contents,
    tools,
    toolConfig: config,
    generationConfig: filled(encodeGenerationConfig(request, context)),
    serviceTier: tier ? encodeTier(request.serviceTier, { fast: null }, context) : undefined,
  };
  for (const field of ["cacheKey", "user", "metadata"] as const)
    if (request[field] !== undefined) context.unsupported(field);
  context.dropParameters();
  context.dropPromptCache();
  return {
    http: {
      method: "POST",
      path: pathOf(target.model, mode === "stream" ? "streamGenerateContent" : "generateContent"),
      ...(mode === "stream" ? { query: { alt: "sse" } } : {}),
      headers: JSON_BODY,
      body: context.json(context.extended(body, request.extensions)),
    },
    warnings: context.warnings,
  };
}

/** The collections that the name of a model may begin with. */
const COLLECTION = /^(models|tunedModels)\/([^/]+)$/;

/**
 * The path of a model's method. Names such as `tunedModels/mine` include their collection; every other name is one of
 * `models`.
 * @throws {AiLibError} `INVALID_REQUEST` for a name that is not a segment of a path.
 */
export function pathOf(name: string, method: string): string {
  const [, collection = "models", id = name] = COLLECTION.exec(name) ?? [];
  return `/${collection}/${pathSegment(id, "The model")}:${method}`;
}

/** https://ai.google.dev/api/generate-content#generationconfig */
function encodeGenerationConfig(request: ChatRequest, context: GeminiContext): JsonObject {
  const { logprobs, output } = request;
  const voiceName = output?.audio?.voice;
  if (output?.audio?.format !== undefined) context.unsupported("output.audio.format");
  const format = encodeFormat(request, context);
  return {
    maxOutputTokens: request.maxTokens,
    temperature: context.atMost("temperature", request.temperature, 2),
    topP: request.topP,
    topK: request.topK,
    stopSequences: context.stops(MAX_STOPS),
    seed: request.seed,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    responseLogprobs: logprobs === undefined || logprobs === false ? undefined : true,
    logprobs: typeof logprobs === "number" ? context.atMost("logprobs", logprobs, 20) : undefined,
    responseMimeType: format?.mimeType,
    responseSchema: format?.openApiSchema,
    responseJsonSchema: format?.jsonSchema,
    responseModalities: output?.modalities?.map((modality) => modality.toUpperCase()),
    speechConfig:
      voiceName === undefined ? undefined : { voiceConfig: { prebuiltVoiceConfig: { voiceName } } },
    thinkingConfig: encodeThinking(request, context),
  };
}

/** The most stop sequences of a request: https://ai.google.dev/api/generate-content#generationconfig. */
const MAX_STOPS = 5;

interface EncodedFormat {
  readonly mimeType: string;
  readonly openApiSchema?: JsonObject | undefined;
  readonly jsonSchema?: JsonObject;
}

function encodeFormat(
  { responseFormat: format, tools = [] }: ChatRequest,
  context: GeminiContext,
): EncodedFormat | undefined {
  if (format === undefined || format.type === "text") return undefined;
  if (tools.length > 0 && !context.facts.jsonWithTools)
    context.refuse("responseFormat", { reason: "this model accepts no JSON format beside tools" });
  const mimeType = "application/json";
  if (format.type === "json") return { mimeType };
  if (format.name !== undefined) context.unsupported("responseFormat.name");
  if (format.description !== undefined) context.unsupported("responseFormat.description");
  if (format.strict === false) context.unsupported("responseFormat.strict");
  return context.quirks.openApiSchemas === true
    ? { mimeType, openApiSchema: encodeOpenApi(format.schema, "responseFormat.schema", context) }
    : { mimeType, jsonSchema: fitAnswer(format.schema, "responseFormat.schema", GEMINI_ANSWERS, context) };
}
