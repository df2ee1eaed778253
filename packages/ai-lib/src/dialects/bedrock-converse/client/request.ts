import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import { closedSchema } from "../../shared/common/closed-schema.js";
import { EncodeContext } from "./context.js";
import { encodeMessages, flatten } from "./messages.js";
import { type ModelFields, modelFields } from "./model-fields.js";
import { encodeTools } from "./tools.js";

/**
 * Writes a request for `POST /model/{modelId}/converse` or `…/converse-stream`; ARNs are percent-encoded.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for `continues`, for media and tool names that Bedrock refuses, and
 *   where nothing is left of the messages.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const context = new EncodeContext(target, request.messages);
  const { losses } = context;
  if (request.continues !== undefined)
    throw context.refuse("`continues`: Bedrock keeps no state between calls; send the whole conversation");
  const messages = encodeMessages(request.messages, context);
  if (messages.turns.length === 0)
    throw context.refuse("Nothing is left of the messages that this dialect can carry");
  const { tools, choice } = encodeTools(request, messages, context);
  const fields = modelFields(request, messages, context);
  warnUnknown(request, context);
  context.marks.limit(0, losses);
  const inference = inferenceConfig(request, fields, context);
  const output = outputConfig(request, fields, context);
  const metadata = requestMetadata(request, context);
  let body: MutableJson = {
    messages: messages.turns.map(({ role, content }) => ({ role, content: flatten(content) })),
    ...(messages.system.length === 0 ? {} : { system: flatten(messages.system) }),
    ...filled("inferenceConfig", inference),
    ...(tools.length === 0
      ? {}
      : { toolConfig: { tools: flatten(tools), ...(choice === undefined ? {} : { toolChoice: choice }) } }),
    ...filled("additionalModelRequestFields", fields.additional),
    ...filled("outputConfig", output),
    ...filled("requestMetadata", metadata),
    ...(request.serviceTier === undefined ? {} : { serviceTier: { type: request.serviceTier } }),
  };
  for (const more of context.extensions(request.extensions)) body = mergeDeep(body, more);
  const verb = mode === "stream" ? "converse-stream" : "converse";
  return {
    http: {
      method: "POST",
      path: `/model/${encodeURIComponent(target.model)}/${verb}`,
      headers: {
        "content-type": "application/json",
        accept: mode === "stream" ? "application/vnd.amazon.eventstream" : "application/json",
      },
      body: JSON.stringify(body),
    },
    warnings: losses.warnings,
  };
}

/** A field, unless there is nothing in it. */
function filled(name: string, value: JsonObject): JsonObject {
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}

function inferenceConfig(
  { stop }: ChatRequest,
  { maxTokens, temperature, topP }: ModelFields,
  { losses }: EncodeContext,
): JsonObject {
  const kept = (stop ?? []).filter((sequence) => sequence.trim() !== "");
  if (kept.length !== (stop ?? []).length)
    losses.unsupported("stop", "a sequence of white space alone is refused");
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(kept.length === 0 ? {} : { stopSequences: kept }),
  };
}

/** Structured output, https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html, and the effort. */
function outputConfig(
  { responseFormat: format }: ChatRequest,
  { effort }: ModelFields,
  { losses }: EncodeContext,
): JsonObject {
  const config: MutableJson = effort === undefined ? {} : { effort };
  if (format === undefined || format.type === "text") return config;
  if (format.type === "json") {
    losses.unsupported("responseFormat", "structured output needs a schema; ask for JSON in the prompt");
    return config;
  }
  if (format.strict === false) losses.changed("responseFormat.strict", "a schema is always followed exactly");
  const jsonSchema = {
    schema: JSON.stringify(closedSchema(format.schema, "responseFormat.schema", losses)),
    name: format.name ?? "response",
    ...(format.description === undefined ? {} : { description: format.description }),
  };
  config["textFormat"] = { type: "json_schema", structure: { jsonSchema } };
  return config;
}

function requestMetadata({ metadata }: ChatRequest, { losses }: EncodeContext): JsonObject {
  const texts: MutableJson = {};
  for (const [key, value] of Object.entries(metadata ?? {})) {
    if (key === "__proto__") continue;
    texts[key] = typeof value === "string" ? value : JSON.stringify(value);
    if (typeof value !== "string") losses.changed(`metadata.${key}`, "Bedrock takes text alone");
  }
  return texts;
}

/** Fields that the API has no word for. */
function warnUnknown(request: ChatRequest, { losses }: EncodeContext): void {
  const none = "Bedrock has no such parameter";
  for (const field of ["seed", "presencePenalty", "frequencyPenalty", "user"] as const)
    if (request[field] !== undefined) losses.unsupported(field, none);
  if (request.logprobs !== undefined && request.logprobs !== false) losses.unsupported("logprobs", none);
  if (request.cacheKey !== undefined) losses.unsupported("cacheKey", "caches are found by prefix alone");
  if (request.output?.modalities?.some((modality) => modality !== "text") === true)
    losses.unsupported("output.modalities", "the model decides");
  if (request.output?.audio !== undefined) losses.unsupported("output.audio", none);
}
