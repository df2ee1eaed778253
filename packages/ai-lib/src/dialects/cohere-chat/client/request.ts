import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { asArray, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { jsonFor } from "../../shared/common/headers.js";
import { COHERE_ANSWERS } from "../../shared/common/schema-rules.js";
import { encodeAnswer } from "../../shared/openai/answer-schema.js";
import { CohereContext } from "./context.js";
import { encodeMessages } from "./messages.js";
import { encodeTools } from "./tools.js";

/** The most stop sequences of a request. */
const MAX_STOPS = 5;

/**
 * A request for `POST /chat`. https://docs.cohere.com/v2/reference/chat
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for `continues` and for media that Cohere does not accept.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const context = new CohereContext(request, mode, target);
  context.refuseContinues();
  context.dropPhases();
  const messages = encodeMessages(context.messages, context);
  const { tools, strict, choice } = encodeTools(context);
  const { topP, topK, presencePenalty, frequencyPenalty, logprobs } = request;
  if (typeof logprobs === "number") context.changed("logprobs");
  const fields: MutableJson = {
    model: target.model,
    messages,
    stream: mode === "stream",
    tools,
    strict_tools: strict,
    tool_choice: choice,
    response_format: encodeFormat(request, context),
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    seed: request.seed,
    p: within("topP", topP, 0.01, 0.99, context),
    k: within("topK", topK, 0, 500, context),
    presence_penalty: within("presencePenalty", presencePenalty, 0, 1, context),
    frequency_penalty: within("frequencyPenalty", frequencyPenalty, 0, 1, context),
    stop_sequences: context.stops(MAX_STOPS),
    logprobs: logprobs === undefined ? undefined : logprobs !== false,
    thinking: encodeThinking(request, context),
  };
  warnUnknown(request, context);
  const body = context.extended(fields, request.extensions);
  const { documents } = context;
  return {
    http: {
      method: "POST",
      path: "/chat",
      headers: jsonFor(mode),
      body: context.json(
        documents.length === 0 ? body : { ...body, documents: [...documents, ...asArray(body["documents"])] },
      ),
    },
    warnings: context.warnings,
  };
}

function encodeFormat(
  { responseFormat: format, tools = [] }: ChatRequest,
  context: CohereContext,
): JsonObject | undefined {
  if (format === undefined) return undefined;
  if (format.type === "text") return { type: "text" };
  // https://docs.cohere.com/v2/reference/chat#request.body.response_format: not beside `documents` or `tools`.
  if (tools.length > 0)
    context.refuse("responseFormat", { reason: "the API accepts no JSON format beside tools" });
  if (format.type === "json") return { type: "json_object" };
  if (format.name !== undefined) context.unsupported("responseFormat.name");
  if (format.description !== undefined) context.unsupported("responseFormat.description");
  if (format.strict === false) context.changed("responseFormat.strict");
  return {
    type: "json_object",
    json_schema: encodeAnswer({ ...format, strict: true }, context, COHERE_ANSWERS),
  };
}

/** A number in the range that Cohere accepts. */
function within(
  field: string,
  wanted: number | undefined,
  min: number,
  max: number,
  context: CohereContext,
): number | undefined {
  if (wanted === undefined) return undefined;
  const sent = Math.min(Math.max(wanted, min), max);
  if (sent !== wanted) context.changed(field, `${wanted} became ${sent}`);
  return sent;
}

/** Thinking is on or off, and may have a budget. https://docs.cohere.com/docs/reasoning */
function encodeThinking({ reasoning }: ChatRequest, context: CohereContext): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  const { effort, budgetTokens, summary } = reasoning;
  if (summary !== undefined) context.unsupported("reasoning.summary");
  if (effort === "none" || budgetTokens === 0) {
    if (effort === "none" && budgetTokens !== undefined) context.unsupported("reasoning.budgetTokens");
    return { type: "disabled" };
  }
  if (budgetTokens !== undefined) {
    if (effort !== undefined) context.preferBudget();
    return { type: "enabled", token_budget: budgetTokens };
  }
  if (effort !== undefined && effort !== "high")
    context.changed("reasoning.effort", `"${effort}" turned it on`);
  return { type: "enabled" };
}

/** Warns about fields that the API has no parameter for. */
function warnUnknown(request: ChatRequest, context: CohereContext): void {
  for (const field of ["parallelToolCalls", "serviceTier", "cacheKey", "user", "metadata"] as const)
    if (request[field] !== undefined) context.unsupported(field);
  context.dropParameters();
  context.dropPromptCache();
  if (request.output?.modalities?.some((modality) => modality !== "text") === true)
    context.unsupported("output.modalities");
  if (request.output?.audio !== undefined) context.unsupported("output.audio");
}
