import type { DecodedRequest } from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest, Reasoning, ResponseFormat } from "../../../core/values/chat-request.js";
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
import type { Message } from "../../../core/values/message.js";
import { asEffort } from "../../shared/common/efforts.js";
import { refuseSeveralAnswers } from "../../shared/common/one-answer.js";
import { decodeTier, OPENAI_TIERS } from "../../shared/common/service-tier.js";
import { decodePrediction } from "../../shared/openai/prediction.js";
import { asVerbosity } from "../../shared/openai/verbosity.js";
import { decodeMessages } from "./messages.js";
import { decodeToolChoice, decodeTools } from "./tools.js";

type Draft = { -readonly [K in keyof ChatRequest]: ChatRequest[K] };

/**
 * Decodes a request. Null counts as absent. Fields that the contract has no name for go into
 * `extensions["openai-chat"]`, from which the client half writes them again.
 *
 * @throws {AiLibError} `INVALID_REQUEST` for a body that is not a chat request.
 */
export function decodeRequest(http: HttpRequest): DecodedRequest {
  const body = tryParse(http.body ?? "");
  if (!isObject(body)) throw invalidRequest("The body is not a JSON object");
  const rest = new Fields(body);
  refuseSeveralAnswers(rest.take("n"), "n");
  const messages = rest.take("messages");
  if (!Array.isArray(messages)) throw invalidRequest("`messages` must be an array");
  const request: Draft = { messages: decodeMessages(messages) as readonly Message[] };
  const mode = rest.take("stream") === true ? "stream" : "unary";
  const includeUsage = takeIncludeUsage(rest);
  takeSampling(request, rest);
  takeTools(request, rest);
  takeRest(request, rest);
  const reasoning = takeReasoning(rest);
  if (reasoning !== undefined) request.reasoning = reasoning;
  const left = rest.left();
  if (left !== undefined) request.extensions = { "openai-chat": left };
  return { request, mode, body, ...(mode === "stream" && { includeUsage }) };
}

/**
 * The fields of an object, taken one by one. The object itself is not changed: an object that loses fields is slow to
 * read, and most lookups are for fields that a request does not have.
 */
class Fields {
  private readonly taken: string[] = [];
  private readonly returned: MutableJson = {};

  constructor(private readonly object: JsonObject) {}

  take(key: string): Json | undefined {
    const value = this.object[key];
    if (value == null) return undefined;
    this.taken.push(key);
    return value;
  }

  /** Takes a field if `read` understands it, and leaves it otherwise. */
  read<T>(key: string, read: (value: unknown) => T | undefined): T | undefined {
    const given = this.object[key];
    if (given == null) return undefined;
    const value = read(given);
    if (value !== undefined) this.taken.push(key);
    return value;
  }

  /** Gives back what is left of a field that was taken. */
  put(key: string, value: JsonObject): void {
    if (Object.keys(value).length > 0) this.returned[key] = value;
  }

  left(): JsonObject | undefined {
    const { object, taken, returned } = this;
    let left: MutableJson | undefined;
    for (const key of Object.keys(object)) {
      const value = taken.includes(key) ? returned[key] : object[key];
      if (key === "__proto__" || value == null) continue;
      left ??= {};
      left[key] = value;
    }
    return left;
  }
}

/** Clients that do not ask for usage do not expect its chunk, which has no choices. */
function takeIncludeUsage(rest: Fields): boolean {
  const options = rest.read("stream_options", asObject);
  if (options === undefined) return false;
  const { include_usage, ...others } = options;
  rest.put("stream_options", others);
  return include_usage === true;
}

function takeSampling(request: Draft, rest: Fields): void {
  const model = rest.read("model", asString);
  if (model !== undefined) request.model = model;
  const older = takeLimit(rest, "max_tokens");
  const newer = takeLimit(rest, "max_completion_tokens");
  // Servers differ in which of both they read: the larger one is the most that may be generated.
  if (older !== undefined || newer !== undefined) request.maxTokens = Math.max(older ?? 0, newer ?? 0);
  const temperature = rest.read("temperature", asNumber);
  if (temperature !== undefined) request.temperature = temperature;
  const topP = rest.read("top_p", asNumber);
  if (topP !== undefined) request.topP = topP;
  const topK = rest.read("top_k", asNumber);
  if (topK !== undefined) request.topK = topK;
  const stop = rest.read("stop", stopOf);
  if (stop !== undefined) request.stop = stop;
  const seed = rest.read("seed", asNumber) ?? rest.read("random_seed", asNumber);
  if (seed !== undefined) request.seed = seed;
  const presence = rest.read("presence_penalty", asNumber);
  if (presence !== undefined) request.presencePenalty = presence;
  const frequency = rest.read("frequency_penalty", asNumber);
  if (frequency !== undefined) request.frequencyPenalty = frequency;
  const logprobs = rest.read("logprobs", (value) => (typeof value === "boolean" ? value : undefined));
  const top = logprobs === true ? rest.read("top_logprobs", asNumber) : undefined;
  if (logprobs !== undefined) request.logprobs = top ?? logprobs;
}

/**
 * A limit of tokens. One below zero stays an unknown field: some servers read it as no limit
 * (https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md). Any other value is refused.
 */
function takeLimit(rest: Fields, name: string): number | undefined {
  const value = rest.read(name, (given) => (isBelowZero(given) ? undefined : given));
  if (value === undefined || typeof value === "number") return value;
  throw invalidRequest(`\`${name}\` must be a number`);
}

function isBelowZero(value: unknown): boolean {
  return typeof value === "number" && value < 0;
}

function stopOf(value: unknown): string[] | undefined {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) return undefined;
  return value.every((one) => typeof one === "string") ? (value as string[]) : undefined;
}

function takeTools(request: Draft, rest: Fields): void {
  const tools = decodeTools([
    ...asArray(rest.take("tools")),
    // The form before tools.
    ...asArray(rest.take("functions")).map((one) => ({ type: "function", function: one }) as JsonObject),
  ]);
  if (tools.length > 0) request.tools = tools;
  const choice = rest.read("tool_choice", decodeToolChoice) ?? rest.read("function_call", decodeToolChoice);
  if (choice !== undefined) request.toolChoice = choice;
  const parallel = rest.read("parallel_tool_calls", (value) =>
    typeof value === "boolean" ? value : undefined,
  );
  if (parallel !== undefined) request.parallelToolCalls = parallel;
}

function takeRest(request: Draft, rest: Fields): void {
  const format = rest.read("response_format", formatOf);
  if (format !== undefined) request.responseFormat = format;
  const tier = rest.read("service_tier", asString);
  if (tier !== undefined) request.serviceTier = decodeTier(tier, OPENAI_TIERS);
  const cacheKey = rest.read("prompt_cache_key", asString);
  const bias = rest.read("logit_bias", biasOf);
  if (bias !== undefined) request.logitBias = bias;
  const prediction = rest.read("prediction", decodePrediction);
  if (prediction !== undefined) request.prediction = prediction;
  const verbosity = rest.read("verbosity", asVerbosity);
  if (verbosity !== undefined) request.verbosity = verbosity;
  const store = rest.read("store", asBoolean);
  if (store !== undefined) request.store = store;
  if (cacheKey !== undefined) request.cacheKey = cacheKey;
  const user = rest.read("safety_identifier", asString) ?? rest.read("user", asString);
  if (user !== undefined) request.user = user;
  const metadata = rest.read("metadata", asObject);
  if (metadata !== undefined) request.metadata = metadata as { [key: string]: Json };
  const modalities = rest.read("modalities", modalitiesOf);
  const audio = rest.read("audio", audioOf);
  if (modalities !== undefined || audio !== undefined)
    request.output = {
      ...(modalities === undefined ? {} : { modalities }),
      ...(audio === undefined ? {} : { audio }),
    };
}

function asBoolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function biasOf(value: unknown): ChatRequest["logitBias"] {
  const bias = asObject(value);
  return bias !== undefined && Object.values(bias).every((one) => typeof one === "number")
    ? (bias as ChatRequest["logitBias"])
    : undefined;
}

function modalitiesOf(value: unknown): ("text" | "image" | "audio")[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const known = value.filter((one) => one === "text" || one === "image" || one === "audio");
  return known.length === value.length ? (known as ("text" | "image" | "audio")[]) : undefined;
}

function audioOf(value: unknown): { voice?: string; format?: string } | undefined {
  const audio = asObject(value);
  if (audio === undefined) return undefined;
  const voice = asString(audio["voice"]);
  const format = asString(audio["format"]);
  // A custom voice is an object; the field stays as it is.
  if (Object.keys(audio).some((key) => key !== "voice" && key !== "format")) return undefined;
  if (audio["voice"] !== undefined && voice === undefined) return undefined;
  return { ...(voice === undefined ? {} : { voice }), ...(format === undefined ? {} : { format }) };
}

function formatOf(value: unknown): ResponseFormat | undefined {
  const format = asObject(value);
  switch (format?.["type"]) {
    case "text":
      return { type: "text" };
    case "json_object": {
      // llama.cpp, Together and others take a schema here: https://docs.together.ai/docs/json-mode
      const schema = asObject(format["schema"]);
      return schema === undefined ? { type: "json" } : { type: "json-schema", schema };
    }
    case "json_schema": {
      // The form of OpenAI's responses is common, too.
      const named = asObject(format["json_schema"]) ?? format;
      const schema = asObject(named["schema"]);
      if (schema === undefined) return undefined;
      const name = asString(named["name"]);
      const description = asString(named["description"]);
      const { strict } = named;
      return {
        type: "json-schema",
        schema,
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        ...(typeof strict === "boolean" ? { strict } : {}),
      };
    }
    default:
      return undefined;
  }
}

/**
 * The reasoning settings, in any of the dialect's forms; an empty object if the request turns thinking on without an
 * effort or a budget.
 */
function takeReasoning(rest: Fields): Reasoning | undefined {
  const reasoning: { -readonly [K in keyof Reasoning]: Reasoning[K] } = {};
  let thinks = false;
  const word = rest.read("reasoning_effort", asEffort);
  const asked = rest.read("reasoning", asObject);
  if (asked !== undefined) {
    const { effort, max_tokens, enabled, ...others } = asked;
    // https://openrouter.ai/docs/use-cases/reasoning-tokens
    if (enabled === false) reasoning.effort = "none";
    else if (enabled === true) thinks = true;
    reasoning.effort = asEffort(effort) ?? reasoning.effort;
    reasoning.budgetTokens = asNumber(max_tokens);
    rest.put(
      "reasoning",
      effort !== undefined && reasoning.effort === undefined ? { ...others, effort } : others,
    );
  }
  const thinking = rest.read("thinking", asObject);
  if (thinking !== undefined) {
    const { type, budget_tokens, ...others } = thinking;
    if (type === "disabled") reasoning.effort = "none";
    else if (typeof type === "string") thinks = true;
    reasoning.budgetTokens = asNumber(budget_tokens) ?? reasoning.budgetTokens;
    rest.put("thinking", others);
  }
  const enabled = rest.read("enable_thinking", (value) => (typeof value === "boolean" ? value : undefined));
  if (enabled === false) reasoning.effort = "none";
  else if (enabled === true) thinks = true;
  const budget = rest.read("thinking_budget", asNumber);
  if (budget !== undefined) reasoning.budgetTokens = budget;
  if (word !== undefined) reasoning.effort = word;
  if (reasoning.effort === undefined) delete reasoning.effort;
  if (reasoning.budgetTokens === undefined) delete reasoning.budgetTokens;
  return thinks || Object.keys(reasoning).length > 0 ? reasoning : undefined;
}
