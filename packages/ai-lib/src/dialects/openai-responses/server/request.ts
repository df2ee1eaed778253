import type { DecodedRequest } from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import type {
  ChatRequest,
  ContextManagement,
  PromptCache,
  Reasoning,
  ResponseFormat,
} from "../../../core/values/chat-request.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  type MutableJson,
  tryParse,
} from "../../../core/values/json.js";
import { defined } from "../../shared/common/body-fields.js";
import { asEffort } from "../../shared/common/efforts.js";
import { decodeTier, OPENAI_TIERS } from "../../shared/common/service-tier.js";
import { asVerbosity } from "../../shared/openai/verbosity.js";
import { extensionsOf, FAMILY } from "./fields.js";
import { InputDecoder } from "./messages.js";
import { decodeToolChoice, decodeTools } from "./tools.js";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Decodes a request (https://platform.openai.com/docs/api-reference/responses/create). Fields that the contract
 * has no name for become extensions of this dialect, from which a client half writes them again.
 */
export function decodeRequest(http: HttpRequest): DecodedRequest {
  const body = tryParse(http.body ?? "");
  if (!isObject(body)) throw invalidRequest("The request's body must be a JSON object");
  const left: MutableJson = {};
  for (const key of Object.keys(body)) if (key !== "__proto__" && body[key] !== null) left[key] = body[key];
  const take = (name: string): Json | undefined => {
    const value = left[name];
    delete left[name];
    return value;
  };

  const decoder = new InputDecoder();
  const instructions = take("instructions");
  if (typeof instructions === "string") decoder.messages.push({ role: "system", content: instructions });
  else if (instructions !== undefined) left["instructions"] = instructions;
  const input = take("input");
  // What OpenAI stores may replace the input.
  if (input !== undefined) decoder.decode(input);
  else if (STORED.every((name) => left[name] === undefined)) throw invalidRequest("`input` is missing");
  decoder.end();

  const request: Writable<ChatRequest> = { messages: decoder.messages };
  const mode = take("stream") === true ? "stream" : "unary";
  const set = <K extends keyof ChatRequest>(field: K, value: ChatRequest[K] | undefined) => {
    if (value !== undefined) request[field] = value;
  };
  set("model", asString(take("model")));
  if (left["tools"] !== undefined) set("tools", decodeTools(take("tools")));
  const choice = decodeToolChoice(left["tool_choice"]);
  if (choice !== undefined) set("toolChoice", choice);
  if (choice !== undefined) take("tool_choice");
  set("parallelToolCalls", asBoolean(take("parallel_tool_calls")));
  set("responseFormat", takeFormat(left));
  set("verbosity", takeVerbosity(left));
  set("maxTokens", asNumber(take("max_output_tokens")));
  set("maxToolCalls", asNumber(take("max_tool_calls")));
  set("promptCache", takePromptCache(left));
  set("contextManagement", takeContextManagement(left));
  set("temperature", asNumber(take("temperature")));
  set("topP", asNumber(take("top_p")));
  set("reasoning", takeReasoning(left));
  const tier = asString(take("service_tier"));
  if (tier !== undefined) set("serviceTier", decodeTier(tier, OPENAI_TIERS));
  set("cacheKey", asString(take("prompt_cache_key")));
  const user = take("safety_identifier") ?? take("user");
  set("user", asString(user));
  set("metadata", asObject(take("metadata")) as ChatRequest["metadata"]);
  const previous = asString(take("previous_response_id"));
  if (previous !== undefined) request.continues = { provider: FAMILY, id: previous };
  takeIncluded(left, request, take);
  const { extensions } = extensionsOf(left);
  if (extensions !== undefined) request.extensions = extensions;
  const echo: MutableJson = {};
  for (const name of ECHOED) if (body[name] !== undefined && body[name] !== null) echo[name] = body[name];
  return { request, mode, body, echo, ...(body["store"] === false ? {} : { stored: true }) };
}

/** Fields of a request that name a stored prompt, response or conversation. */
const STORED = ["prompt", "previous_response_id", "conversation"];

/** Fields of a request that its response repeats. */
const ECHOED = [
  "instructions",
  "max_output_tokens",
  "max_tool_calls",
  "metadata",
  "parallel_tool_calls",
  "presence_penalty",
  "frequency_penalty",
  "previous_response_id",
  "prompt",
  "prompt_cache_key",
  "reasoning",
  "safety_identifier",
  "service_tier",
  "temperature",
  "text",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "truncation",
  "user",
];

function asBoolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** `text.verbosity`, and `text` without it. */
function takeVerbosity(left: MutableJson): ChatRequest["verbosity"] {
  const { verbosity, ...rest } = asObject(left["text"]) ?? {};
  const word = asVerbosity(verbosity);
  if (word === undefined) return undefined;
  if (Object.keys(rest).length > 0) left["text"] = rest;
  else delete left["text"];
  return word;
}

/** `prompt_cache_options`. Fields that the contract does not define remain. */
function takePromptCache(left: MutableJson): PromptCache | undefined {
  const {
    mode,
    ttl,
    comparison_response_id: compareWith,
    prewarm,
    ...rest
  } = asObject(left["prompt_cache_options"]) ?? {};
  const policy = defined({
    mode: mode === "implicit" ? ("auto" as const) : mode === "explicit" ? ("marks" as const) : undefined,
    ttl: asString(ttl),
    compareWith: asString(compareWith),
    prewarm: typeof prewarm === "boolean" ? prewarm : undefined,
  });
  if (Object.keys(policy).length === 0) return undefined;
  if (Object.keys(rest).length > 0) left["prompt_cache_options"] = rest;
  else delete left["prompt_cache_options"];
  return policy;
}

/** `context_management`, where it is one threshold of compaction. */
function takeContextManagement(left: MutableJson): ContextManagement | undefined {
  const entries = asArray(left["context_management"]);
  const { type, compact_threshold: threshold, ...rest } = asObject(entries[0]) ?? {};
  const compactAt = asNumber(threshold);
  if (
    entries.length !== 1 ||
    type !== "compaction" ||
    compactAt === undefined ||
    Object.keys(rest).length > 0
  )
    return undefined;
  delete left["context_management"];
  return { compactAt };
}

/** `text.format`. Other fields of `text` remain. */
function takeFormat(left: MutableJson): ResponseFormat | undefined {
  const text = asObject(left["text"]);
  if (text === undefined) return undefined;
  const { format, ...rest } = text;
  const read = decodeFormat(asObject(format));
  if (read === undefined) return undefined;
  if (Object.keys(rest).length > 0) left["text"] = rest;
  else delete left["text"];
  return read;
}

function decodeFormat(format: JsonObject | undefined): ResponseFormat | undefined {
  switch (format?.["type"]) {
    case "text":
      return { type: "text" };
    case "json_object":
      return { type: "json" };
    case "json_schema": {
      const { schema, name, description, strict } = format;
      if (!isObject(schema)) throw invalidRequest("`text.format.schema` is missing");
      return {
        type: "json-schema",
        schema,
        ...(typeof name === "string" ? { name } : {}),
        ...(typeof description === "string" ? { description } : {}),
        ...(typeof strict === "boolean" ? { strict } : {}),
      };
    }
    default:
      return undefined;
  }
}

/** `reasoning`. Fields that the contract does not define remain. */
function takeReasoning(left: MutableJson): Reasoning | undefined {
  const given = asObject(left["reasoning"]);
  if (given === undefined) return undefined;
  const { effort, summary, context, ...rest } = given;
  const reasoning: Writable<Reasoning> = {};
  const others: MutableJson = {};
  for (const key of Object.keys(rest)) if (rest[key] !== null && key !== "__proto__") others[key] = rest[key];
  const word = asEffort(effort);
  if (word !== undefined) reasoning.effort = word;
  else if (typeof effort === "string") others["effort"] = effort;
  if (summary === "auto" || summary === "concise" || summary === "detailed") reasoning.summary = summary;
  else if (typeof summary === "string") others["summary"] = summary;
  if (context === "current_turn" || context === "all_turns")
    reasoning.keep = context === "all_turns" ? "all" : "turn";
  else if (typeof context === "string") others["context"] = context;
  if (Object.keys(others).length > 0) left["reasoning"] = others;
  else delete left["reasoning"];
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

/** Entries of `include` that a client half writes by itself. */
const DERIVED: ReadonlySet<string> = new Set(["reasoning.encrypted_content", "message.output_text.logprobs"]);

/** `store` (OpenAI's default is true), `include` and log probabilities. */
function takeIncluded(
  left: MutableJson,
  request: Writable<ChatRequest>,
  take: (name: string) => Json | undefined,
): void {
  const store = asBoolean(take("store"));
  const stored = store !== false;
  const include = asArray(left["include"]);
  const top = asNumber(take("top_logprobs"));
  if (top !== undefined) request.logprobs = top;
  else if (include.includes("message.output_text.logprobs")) request.logprobs = true;
  // The client half does not store, unless a request says so or continues a stored response.
  if (stored !== (request.continues !== undefined)) {
    // A client that does not ask expects nothing of a vendor that does not store.
    if (store === undefined) left["store"] = stored;
    else request.store = store;
  }
  const more = include.some((one) => typeof one !== "string" || !DERIVED.has(one));
  if (!more && !(stored && include.includes("reasoning.encrypted_content"))) delete left["include"];
}
