import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import { effortOf } from "../../shared/common/efforts.js";
import { JSON_BODY } from "../../shared/common/headers.js";
import { CHAT_PATH } from "../shared/family.js";
import { OllamaContext } from "./context.js";
import { encodeMessages } from "./messages.js";
import { encodeTools } from "./tools.js";

/**
 * A request for `POST /api/chat`. https://docs.ollama.com/api/chat
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for `continues` and for media that Ollama does not accept.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const context = new OllamaContext(request, mode, target);
  context.refuseContinues();
  context.dropPhases();
  const body: MutableJson = {
    model: target.model,
    messages: encodeMessages(context.messages, context),
    // Without this field, the server streams.
    stream: mode === "stream",
    tools: encodeTools(context),
    format: encodeFormat(request, context),
    think: encodeThink(request, context),
    options: encodeOptions(request, context),
  };
  if (request.logprobs !== undefined && request.logprobs !== false) {
    body["logprobs"] = true;
    if (typeof request.logprobs === "number") body["top_logprobs"] = request.logprobs;
  }
  warnUnknown(request, context);
  return {
    http: {
      method: "POST",
      path: CHAT_PATH,
      headers: JSON_BODY,
      body: context.json(context.extended(body, request.extensions)),
    },
    warnings: context.warnings,
  };
}

function encodeOptions(request: ChatRequest, context: OllamaContext): JsonObject | undefined {
  const options = {
    num_predict: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    stop: context.stops(),
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
  };
  return Object.values(options).some((value) => value !== undefined) ? options : undefined;
}

function encodeFormat(
  { responseFormat: format }: ChatRequest,
  context: OllamaContext,
): JsonObject | string | undefined {
  if (format === undefined || format.type === "text") return undefined;
  if (format.type === "json") return "json";
  if (format.name !== undefined) context.unsupported("responseFormat.name");
  if (format.description !== undefined) context.unsupported("responseFormat.description");
  if (format.strict === false) context.unsupported("responseFormat.strict");
  return format.schema;
}

/** `think`: a boolean or a level. Models without levels read a level as true: https://docs.ollama.com/capabilities/thinking */
function encodeThink({ reasoning }: ChatRequest, context: OllamaContext): boolean | string | undefined {
  if (reasoning === undefined) return undefined;
  const { budgetTokens, summary } = reasoning;
  if (summary === "concise" || summary === "detailed") context.changed("reasoning.summary");
  else if (summary === "none") context.unsupported("reasoning.summary");
  if (reasoning.effort === undefined && budgetTokens === undefined) return true;
  const effort = effortOf(reasoning, context);
  if (effort === "none") return false;
  if (context.quirks.thinkIsBoolean === true) {
    context.changed("reasoning.effort", { reason: "this server has no levels: thinking is on or off" });
    return true;
  }
  const level = effort === "minimal" ? "low" : effort === "low" || effort === "medium" ? effort : "high";
  if (level !== effort) context.changed("reasoning.effort", `"${effort}" became "${level}"`);
  return level;
}

/** Warns about fields that the API has no parameter for. */
function warnUnknown(request: ChatRequest, context: OllamaContext): void {
  for (const field of ["serviceTier", "cacheKey", "user", "metadata"] as const)
    if (request[field] !== undefined) context.unsupported(field);
  context.dropParameters();
  context.dropPromptCache();
  if (request.parallelToolCalls === false) context.unsupported("parallelToolCalls");
  if (request.output?.modalities?.some((modality) => modality !== "text") === true)
    context.unsupported("output.modalities");
  if (request.output?.audio !== undefined) context.unsupported("output.audio");
}
