import type { DialectTarget, Encoded } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import {
  asArray,
  isObject,
  type JsonObject,
  type MutableJson,
  mergeDeep,
} from "../../../core/values/json.js";
import { claudeSampling } from "../../shared/claude/sampling.js";
import { type ClaudeThinking, encodeThinking } from "../../shared/claude/thinking.js";
import { closedSchema } from "../../shared/common/closed-schema.js";
import { JSON_BODY } from "../../shared/common/headers.js";
import { BODY_BETAS } from "../shared/betas.js";
import { encodeTools } from "../shared/tools.js";
import { EncodeContext } from "./context.js";
import { encodeMessages } from "./messages.js";
import { unsupported } from "./unsupported.js";

/** The version of the API that everything here is written for. */
export const API_VERSION = "2023-06-01";

const VERSIONED = Object.freeze({ ...JSON_BODY, "anthropic-version": API_VERSION });

/** Tokens for the answer itself where a budget and no limit is asked for. */
const ANSWER_TOKENS = 4_096;

/** Vertex's own name of that version. */
const VERTEX_VERSION = "vertex-2023-10-16";

/**
 * Writes a request for `POST /v1/messages`, or for Vertex's path below
 * `https://…/v1/projects/{project}/locations/{location}`.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for `continues`, for a file in another provider's store, and where
 *   nothing is left of the messages.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  if (request.continues !== undefined)
    throw unsupported(
      target,
      `\`continues\`: ${target.provider} keeps no state between calls; send the whole conversation`,
    );
  const context = new EncodeContext(target, request.messages);
  const { losses, quirks } = context;
  const vertex = quirks.vertex === true;
  const { system, messages } = encodeMessages(request.messages, context);
  if (messages.length === 0)
    throw unsupported(target, "Nothing is left of the messages that this dialect can carry");
  const thinking = encodeThinking(request, context.facts, losses, isUnthought(messages));
  const config = outputConfig(request, thinking, context);
  warnUnknown(request, context);
  let body: MutableJson = {
    ...(vertex ? { anthropic_version: VERTEX_VERSION } : { model: target.model }),
    max_tokens: maxTokens(request, thinking, context),
    ...(system === undefined ? {} : { system }),
    messages,
    ...encodeTools(request, context),
    ...sampling(request, thinking, context),
    ...(thinking.thinking === undefined ? {} : { thinking: thinking.thinking }),
    ...(Object.keys(config).length === 0 ? {} : { output_config: config }),
    ...stopSequences(request, context),
    ...(request.user === undefined ? {} : { metadata: { user_id: request.user } }),
    ...(request.serviceTier === undefined ? {} : { service_tier: request.serviceTier }),
    ...(mode === "stream" ? { stream: true } : {}),
  };
  for (const fields of context.extensions(request.extensions)) {
    const { betas, ...rest } = fields;
    if (Array.isArray(betas)) for (const beta of betas) context.betas.add(String(beta));
    body = mergeDeep(body, rest);
  }
  context.marks.limit(body["cache_control"] === undefined ? 0 : 1, losses);
  for (const [field, beta] of BODY_BETAS) if (body[field] !== undefined) context.betas.add(beta);
  const betas = [...context.betas].join(",");
  const headers = vertex ? JSON_BODY : VERSIONED;
  return {
    http: {
      method: "POST",
      path: vertex ? vertexPath(target.model, mode) : "/v1/messages",
      headers: betas === "" ? headers : { ...headers, "anthropic-beta": betas },
      body: JSON.stringify(body),
    },
    warnings: losses.warnings,
  };
}

/** Vertex writes versions behind an `@`, which needs no encoding. */
function vertexPath(model: string, mode: "unary" | "stream"): string {
  const id = encodeURIComponent(model).replaceAll("%40", "@");
  return `/publishers/anthropic/models/${id}:${mode === "stream" ? "streamRawPredict" : "rawPredict"}`;
}

function outputConfig(
  request: ChatRequest,
  thinking: ClaudeThinking,
  { losses, quirks }: EncodeContext,
): JsonObject {
  const config: MutableJson = thinking.effort === undefined ? {} : { effort: thinking.effort };
  const format = request.responseFormat;
  if (format === undefined || format.type === "text") return config;
  if (format.type === "json" || quirks.noStructuredOutput === true) {
    losses.unsupported(
      "responseFormat",
      format.type === "json"
        ? "structured output needs a schema; ask for JSON in the prompt"
        : "this endpoint has no structured output; use a tool",
    );
    return config;
  }
  if (format.name !== undefined) losses.unsupported("responseFormat.name", "schemas have no names here");
  if (format.description !== undefined)
    losses.unsupported("responseFormat.description", "a schema has no description beside its own");
  if (format.strict === false) losses.changed("responseFormat.strict", "a schema is always followed exactly");
  const schema = closedSchema(format.schema, "responseFormat.schema", losses);
  config["format"] = { type: "json_schema", schema };
  return config;
}

/** Whether the last turns are calls of a model that did not think first, and their results. */
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

/** The limit that the API demands; a budget of thinking comes on top of what the answer may have. */
function maxTokens(request: ChatRequest, { budget }: ClaudeThinking, { facts }: EncodeContext): number {
  if (request.maxTokens !== undefined) return request.maxTokens + budget;
  return budget === 0 ? facts.maxTokens : Math.max(facts.maxTokens, budget + ANSWER_TOKENS);
}

function sampling(request: ChatRequest, thinking: ClaudeThinking, context: EncodeContext): MutableJson {
  const { temperature, topP, topK } = claudeSampling(request, thinking.on, context.facts, context.losses);
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(topK === undefined ? {} : { top_k: topK }),
  };
}

function stopSequences({ stop }: ChatRequest, { losses }: EncodeContext): MutableJson {
  const kept = (stop ?? []).filter((sequence) => sequence.trim() !== "");
  if (kept.length !== (stop ?? []).length)
    losses.unsupported("stop", "a sequence of white space alone is refused");
  return kept.length === 0 ? {} : { stop_sequences: kept };
}

/** Fields that the API has no word for. */
function warnUnknown(request: ChatRequest, { losses }: EncodeContext): void {
  const none = "Anthropic has no such parameter";
  for (const field of ["seed", "presencePenalty", "frequencyPenalty"] as const)
    if (request[field] !== undefined) losses.unsupported(field, none);
  if (request.logprobs !== undefined && request.logprobs !== false) losses.unsupported("logprobs", none);
  if (request.cacheKey !== undefined) losses.unsupported("cacheKey", "caches are found by prefix alone");
  if (request.metadata !== undefined)
    losses.unsupported("metadata", "the only metadata is the user's id; use `user`");
  if (request.output?.modalities?.some((modality) => modality !== "text") === true)
    losses.unsupported("output.modalities", "answers are text");
  if (request.output?.audio !== undefined) losses.unsupported("output.audio", "answers are text");
}
