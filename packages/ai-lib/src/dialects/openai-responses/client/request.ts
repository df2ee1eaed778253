import { type DialectTarget, type Encoded, EncodeWarnings } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest, ResponseFormat } from "../../../core/values/chat-request.js";
import type { Json, JsonObject, MutableJson } from "../../../core/values/json.js";
import { JSON_BODY } from "../../shared/common/headers.js";
import type { OmittableField } from "../shared/quirks.js";
import { encodeToolChoice, encodeTools } from "../shared/tools.js";
import { RequestScope } from "./context.js";
import { encodeInput } from "./messages.js";
import { encodeReasoning } from "./reasoning.js";

/**
 * Writes a request. Nothing is stored with the vendor unless the caller continues a stored response
 * (`continues`) or says `store: true` in the extensions: then reasoning comes encrypted, and goes back with the
 * history (https://platform.openai.com/docs/guides/conversation-state).
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const losses = new EncodeWarnings();
  const scope = new RequestScope(request, target, losses);
  const { quirks } = scope;
  const body: MutableJson = { ...quirks.body, model: target.model };
  const { instructions, input } = encodeInput(request.messages, scope);
  body["instructions"] = instructions;
  body["input"] = input;
  const set = setter(body, scope);

  if (request.tools !== undefined) body["tools"] = encodeTools(request.tools, scope);
  if (request.toolChoice !== undefined)
    body["tool_choice"] = encodeToolChoice(request.toolChoice, request.tools ?? []);
  set("parallelToolCalls", "parallel_tool_calls", request.parallelToolCalls);
  if (request.responseFormat !== undefined) body["text"] = { format: encodeFormat(request.responseFormat) };
  set("maxTokens", "max_output_tokens", request.maxTokens);
  encodeSampling(request, scope, set);
  body["reasoning"] = encodeReasoning(request, scope);
  set("serviceTier", "service_tier", request.serviceTier);
  set("cacheKey", "prompt_cache_key", request.cacheKey);
  set("user", quirks.userField ?? "safety_identifier", request.user);
  set("metadata", "metadata", encodeMetadata(request, scope));
  if (scope.cacheTtl !== undefined) body["prompt_cache_options"] = { ttl: scope.cacheTtl };
  encodeState(request, scope, body);
  refuseRest(request, losses);
  if (mode === "stream") body["stream"] = true;

  return {
    http: {
      method: "POST",
      path: quirks.path ?? "/responses",
      ...(quirks.query === undefined ? {} : { query: quirks.query }),
      headers: JSON_BODY,
      body: JSON.stringify(scope.extended(body, request.extensions)),
    },
    warnings: losses.warnings,
  };
}

type Setter = (field: OmittableField, name: string, value: Json | undefined) => void;

/** Sets a field of the body where the request has it and the endpoint takes it. */
function setter(body: MutableJson, scope: RequestScope): Setter {
  return (field, name, value) => {
    if (value === undefined) return;
    if (scope.quirks.omit?.includes(field) === true)
      scope.losses.unsupported(field, `${scope.target.provider} does not take it`);
    else body[name] = value;
  };
}

function encodeFormat(format: ResponseFormat): JsonObject {
  switch (format.type) {
    case "text":
      return { type: "text" };
    case "json":
      return { type: "json_object" };
    case "json-schema":
      return {
        type: "json_schema",
        name: format.name ?? "response",
        description: format.description,
        schema: format.schema,
        strict: format.strict,
      };
    default: {
      const never: never = format;
      throw new TypeError(`Unknown format ${JSON.stringify(never)}`);
    }
  }
}

function encodeSampling(request: ChatRequest, scope: RequestScope, set: Setter): void {
  const { logprobs } = request;
  const refused = scope.quirks.noSamplingWithReasoning === true && request.reasoning?.effort !== "none";
  const sample = (field: "temperature" | "topP" | "logprobs", name: string, value: Json | undefined) => {
    if (value === undefined) return;
    if (refused) scope.losses.unsupported(field, "the model reasons, and takes none while it does");
    else set(field, name, value);
  };
  sample("temperature", "temperature", request.temperature);
  sample("topP", "top_p", request.topP);
  if (typeof logprobs === "number") sample("logprobs", "top_logprobs", logprobs);
}

/** Values are strings of at most 512 characters: https://platform.openai.com/docs/api-reference/responses/create */
function encodeMetadata(request: ChatRequest, scope: RequestScope): JsonObject | undefined {
  if (request.metadata === undefined) return undefined;
  const metadata: MutableJson = {};
  for (const [key, value] of Object.entries(request.metadata)) {
    if (typeof value !== "string")
      scope.losses.changed(`metadata.${key}`, "values are strings here; it is JSON text");
    metadata[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return metadata;
}

/** What the vendor keeps, what the conversation goes on from, and what the reply is to hold besides the answer. */
function encodeState(request: ChatRequest, scope: RequestScope, body: MutableJson): void {
  const { quirks, target } = scope;
  if (request.continues !== undefined) {
    if (!scope.keeps(request.continues.provider))
      throw new AiLibError({
        code: "UNSUPPORTED_FEATURE",
        message: `The request goes on from state that ${request.continues.provider} keeps; ${target.provider} cannot read it`,
        local: true,
      });
    body["previous_response_id"] = request.continues.id;
  }
  const omits = (field: OmittableField) => quirks.omit?.includes(field) === true;
  if (!omits("store")) body["store"] = scope.stored;
  const include: string[] = [];
  if (!scope.stored && asksEncrypted(request, scope)) include.push("reasoning.encrypted_content");
  if (body["top_logprobs"] !== undefined || request.logprobs === true)
    include.push("message.output_text.logprobs");
  if (include.length > 0 && !omits("include")) body["include"] = include;
}

function asksEncrypted(request: ChatRequest, scope: RequestScope): boolean {
  if (scope.quirks.encryptedReasoning !== undefined) return scope.quirks.encryptedReasoning;
  const { effort, budgetTokens } = request.reasoning ?? {};
  const reasons = request.reasoning !== undefined && effort !== "none" && budgetTokens !== 0;
  return reasons || scope.echoesReasoning;
}

/** Fields that no body of this dialect can hold. */
function refuseRest(request: ChatRequest, losses: EncodeWarnings): void {
  const none = "there is no such parameter";
  for (const field of ["topK", "stop", "seed", "presencePenalty", "frequencyPenalty"] as const)
    if (request[field] !== undefined) losses.unsupported(field, none);
  for (const modality of request.output?.modalities ?? []) {
    if (modality === "image")
      losses.unsupported("output.modalities", 'pictures come from the tool "openai/image_generation"');
    else if (modality === "audio") losses.unsupported("output.modalities", "it does not speak");
  }
  if (request.output?.audio !== undefined) losses.unsupported("output.audio", "it does not speak");
}
