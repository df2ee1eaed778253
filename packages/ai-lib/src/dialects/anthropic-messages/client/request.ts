import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import { pathSegment } from "../../../core/contract/places.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import {
  asArray,
  isObject,
  type JsonObject,
  type MutableJson,
  mergeDeep,
} from "../../../core/values/json.js";
import { encodeSampling } from "../../shared/claude/sampling.js";
import { type ClaudeThinking, encodeThinking } from "../../shared/claude/thinking.js";
import { filled } from "../../shared/common/body-fields.js";
import { JSON_BODY } from "../../shared/common/headers.js";
import { CLAUDE_STRICT } from "../../shared/common/schema-rules.js";
import { fitAnswer } from "../../shared/common/tool-schema.js";
import { BODY_BETAS, COMPACT_BETA } from "../shared/betas.js";
import { encodeContextManagement } from "../shared/context-management.js";
import { encodeServiceTier } from "../shared/tier.js";
import { API_VERSION, VERTEX_VERSION } from "../shared/version.js";
import { AnthropicContext } from "./context.js";
import { encodeMessages } from "./messages.js";
import { encodeTools } from "./tools.js";

const VERSIONED = Object.freeze({ ...JSON_BODY, "anthropic-version": API_VERSION });

/** Tokens for the answer itself if a request has a thinking budget and no limit. */
const ANSWER_TOKENS = 4_096;

/**
 * A request for `POST /v1/messages`, or for Vertex's path below
 * `https://…/v1/projects/{project}/locations/{location}`.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for `continues`, for media that the dialect cannot carry, and where
 *   nothing is left of the messages.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  const context = new AnthropicContext(request, mode, target);
  context.refuseContinues();
  context.dropPhases();
  const vertex = context.quirks.vertex === true;
  const { system, messages } = encodeMessages(context.messages, context);
  if (messages.length === 0)
    context.refuse("messages", { reason: "nothing that the dialect can carry is left" });
  const thinking = encodeThinking(request, context.facts, context, isUnthought(messages));
  const { tools, choice } = encodeTools(request, context);
  const { temperature, topP, topK } = encodeSampling(request, thinking.on, context.facts, context);
  warnUnknown(request, context);
  let body: MutableJson = {
    anthropic_version: vertex ? VERTEX_VERSION : undefined,
    model: vertex ? undefined : target.model,
    max_tokens: encodeMaxTokens(request, thinking, context),
    system,
    messages,
    tools,
    tool_choice: choice,
    temperature,
    top_p: topP,
    top_k: topK,
    thinking: thinking.thinking,
    output_config: filled({ effort: thinking.effort, format: encodeFormat(request, context) }),
    stop_sequences: context.stops(undefined, false),
    metadata: request.user === undefined ? undefined : { user_id: request.user },
    ...encodeServiceTier(request.serviceTier, context),
    cache_control: encodePromptCache(request, context),
    diagnostics:
      request.promptCache?.compareWith === undefined
        ? undefined
        : { previous_message_id: request.promptCache.compareWith },
    context_management: encodeContextManagement(request.contextManagement, request.reasoning?.keep),
    stream: mode === "stream" ? true : undefined,
  };
  for (const { betas, ...fields } of context.extensionsFor(request.extensions)) {
    if (Array.isArray(betas)) for (const beta of betas) context.betas.add(String(beta));
    body = mergeDeep(body, fields);
  }
  context.marks.limit(body["cache_control"] === undefined ? 0 : 1, context);
  if (request.contextManagement?.compactAt !== undefined) context.betas.add(COMPACT_BETA);
  for (const [field, beta] of BODY_BETAS) if (body[field] !== undefined) context.betas.add(beta);
  const betas = [...context.betas].join(",");
  const headers = vertex ? JSON_BODY : VERSIONED;
  return {
    http: {
      method: "POST",
      path: vertex ? vertexPath(target.model, mode) : "/v1/messages",
      headers: betas === "" ? headers : { ...headers, "anthropic-beta": betas },
      body: context.json(body),
    },
    warnings: context.warnings,
  };
}

/** Vertex writes versions behind an `@`, which needs no encoding. */
function vertexPath(model: string, mode: "unary" | "stream"): string {
  const id = pathSegment(model, "The model").replaceAll("%40", "@");
  return `/publishers/anthropic/models/${id}:${mode === "stream" ? "streamRawPredict" : "rawPredict"}`;
}

function encodeFormat(
  { responseFormat: format }: ChatRequest,
  context: AnthropicContext,
): JsonObject | undefined {
  if (format === undefined || format.type === "text") return undefined;
  if (format.type === "json") {
    context.unsupported("responseFormat");
    return undefined;
  }
  if (context.quirks.noStructuredOutput === true) {
    context.unsupported("responseFormat", { reason: "this endpoint has no structured output; use a tool" });
    return undefined;
  }
  if (format.name !== undefined) context.unsupported("responseFormat.name");
  if (format.description !== undefined) context.unsupported("responseFormat.description");
  if (format.strict === false) context.changed("responseFormat.strict");
  return {
    type: "json_schema",
    schema: fitAnswer(format.schema, "responseFormat.schema", CLAUDE_STRICT, context),
  };
}

/** Whether the conversation ends in calls of a model that did not think before them, and their results. */
function isUnthought(messages: readonly JsonObject[]): boolean {
  const results = asArray(messages.at(-1)?.["content"]);
  const [first] = asArray(messages.at(-2)?.["content"]);
  return (
    hasType(results[0], "tool_result") && !hasType(first, "thinking") && !hasType(first, "redacted_thinking")
  );
}

function hasType(block: unknown, type: string): boolean {
  return isObject(block) && block["type"] === type;
}

/** `max_tokens`, which the API requires. A budget of thinking is added to the limit of the answer. */
function encodeMaxTokens(
  { maxTokens }: ChatRequest,
  { budget }: ClaudeThinking,
  { facts }: AnthropicContext,
): number {
  if (maxTokens !== undefined) return maxTokens + budget;
  return budget === 0 ? facts.maxTokens : Math.max(facts.maxTokens, budget + ANSWER_TOKENS);
}

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching#automatic-caching */
function encodePromptCache({ promptCache }: ChatRequest, context: AnthropicContext): JsonObject | undefined {
  const { mode, ttl } = promptCache ?? {};
  if (mode === "marks" && ttl !== undefined)
    context.unsupported("promptCache.ttl", { reason: "each mark has a lifetime of its own" });
  if (mode === "marks" || (mode === undefined && ttl === undefined)) return undefined;
  const known = ttl === undefined || ttl === "5m" || ttl === "1h";
  if (!known) context.changed("promptCache.ttl", `"${ttl}" became the default`);
  return { type: "ephemeral", ttl: known ? ttl : undefined };
}

/** Warns about fields that the API has no parameter for. */
function warnUnknown(request: ChatRequest, context: AnthropicContext): void {
  for (const field of ["seed", "presencePenalty", "frequencyPenalty", "cacheKey", "metadata"] as const)
    if (request[field] !== undefined) context.unsupported(field);
  context.dropParameters("contextManagement", "reasoning.keep", "reasoning.when");
  if (request.promptCache?.prewarm === true) context.unsupported("promptCache.prewarm");
  if (request.logprobs !== undefined && request.logprobs !== false) context.unsupported("logprobs");
  if (request.output?.modalities?.some((modality) => modality !== "text") === true)
    context.unsupported("output.modalities");
  if (request.output?.audio !== undefined) context.unsupported("output.audio");
}
