import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import { pathSegment } from "../../../core/contract/places.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import { filled } from "../../shared/common/body-fields.js";
import { encodeFormatName } from "../../shared/common/format-name.js";
import { CLAUDE_STRICT } from "../../shared/common/schema-rules.js";
import { fitAnswer } from "../../shared/common/tool-schema.js";
import { wellFormedJson } from "../../shared/common/well-formed.js";
import { encodeServiceTier } from "../shared/tier.js";
import { BedrockContext } from "./context.js";
import { encodeMessages, flatten } from "./messages.js";
import { encodeModelFields, type ModelFields } from "./reasoning.js";
import { encodeTools } from "./tools.js";

/**
 * A request for `POST /model/{modelId}/converse` or `…/converse-stream`; ARNs are percent-encoded.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for `continues`, for media that Bedrock refuses, and where
 *   nothing is left of the messages.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const context = new BedrockContext(request, mode, target);
  context.refuseContinues();
  context.dropPhases();
  const messages = encodeMessages(context.messages, context);
  if (messages.turns.length === 0)
    context.refuse("messages", { reason: "nothing that the dialect can carry is left" });
  const { tools, choice } = encodeTools(request, messages, context);
  const fields = encodeModelFields(request, messages, context);
  warnUnknown(request, context);
  context.marks.limit(0, context);
  const body: JsonObject = {
    messages: messages.turns.map(({ role, content }) => ({ role, content: flatten(content) })),
    system: messages.system.length === 0 ? undefined : flatten(messages.system),
    inferenceConfig: filled(encodeInference(fields, context)),
    toolConfig: tools.length === 0 ? undefined : { tools: flatten(tools), toolChoice: choice },
    additionalModelRequestFields: filled(fields.additional),
    outputConfig: filled(encodeOutput(request, fields, context)),
    requestMetadata: filled(encodeMetadata(request, context)),
    ...encodeServiceTier(request.serviceTier),
  };
  const verb = mode === "stream" ? "converse-stream" : "converse";
  return {
    http: {
      method: "POST",
      path: `/model/${pathSegment(target.model, "The model")}/${verb}`,
      headers: {
        "content-type": "application/json",
        accept: mode === "stream" ? "application/vnd.amazon.eventstream" : "application/json",
      },
      body: context.json(context.extended(body, request.extensions)),
    },
    warnings: context.warnings,
  };
}

function encodeInference({ maxTokens, temperature, topP }: ModelFields, context: BedrockContext): JsonObject {
  return { maxTokens, temperature, topP, stopSequences: context.stops(undefined, false) };
}

/** Structured output, https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html, and the effort. */
function encodeOutput(
  { responseFormat: format }: ChatRequest,
  { effort }: ModelFields,
  context: BedrockContext,
): JsonObject {
  const config: MutableJson = effort === undefined ? {} : { effort };
  if (format === undefined || format.type === "text") return config;
  if (format.type === "json") {
    context.unsupported("responseFormat");
    return config;
  }
  if (format.strict === false) context.changed("responseFormat.strict");
  const jsonSchema: JsonObject = {
    schema: wellFormedJson(fitAnswer(format.schema, "responseFormat.schema", CLAUDE_STRICT, context)),
    name: encodeFormatName(format.name, context),
    description: format.description,
  };
  config["textFormat"] = { type: "json_schema", structure: { jsonSchema } };
  return config;
}

function encodeMetadata({ metadata }: ChatRequest, context: BedrockContext): JsonObject {
  const texts: MutableJson = {};
  for (const [key, value] of Object.entries(metadata ?? {})) {
    if (key === "__proto__") continue;
    texts[key] = typeof value === "string" ? value : wellFormedJson(value);
    if (typeof value !== "string") context.changed(`metadata.${key}`);
  }
  return texts;
}

/** Warns about fields that the API has no parameter for. */
function warnUnknown(request: ChatRequest, context: BedrockContext): void {
  for (const field of ["seed", "presencePenalty", "frequencyPenalty", "user", "cacheKey"] as const)
    if (request[field] !== undefined) context.unsupported(field);
  if (context.kind === "claude") context.dropParameters("reasoning.when");
  else context.dropParameters();
  context.dropPromptCache("marks");
  if (request.logprobs !== undefined && request.logprobs !== false) context.unsupported("logprobs");
  if (request.output?.modalities?.some((modality) => modality !== "text") === true)
    context.unsupported("output.modalities");
  if (request.output?.audio !== undefined) context.unsupported("output.audio");
}
