import { type DialectTarget, type Encoded, EncodeWarnings } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import { extended } from "../../shared/common/extensions.js";
import { JSON_BODY } from "../../shared/common/headers.js";
import { CHAT_PATH, DIALECT } from "../shared/family.js";
import { quirksOf } from "../shared/quirks.js";
import { MessageWriter } from "./messages.js";

/** Writes a request. https://docs.ollama.com/api/chat */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  if (request.continues !== undefined)
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `${target.provider} keeps no state to continue from; send the messages`,
      local: true,
    });
  const losses = new EncodeWarnings();
  const messages = new MessageWriter(target, losses).write(request.messages);
  const body: MutableJson = {
    model: target.model,
    messages,
    // Streaming is the server's default, so it is always said.
    stream: mode === "stream",
    tools: tools(request, target, losses),
    format: format(request, losses),
    think: think(request, target, losses),
    options: options(request),
  };
  if (request.logprobs !== undefined && request.logprobs !== false) {
    body["logprobs"] = true;
    if (typeof request.logprobs === "number") body["top_logprobs"] = request.logprobs;
  }
  leave(request, losses);
  return {
    http: {
      method: "POST",
      path: CHAT_PATH,
      headers: JSON_BODY,
      body: JSON.stringify(extended(body, request.extensions, DIALECT, target.provider)),
    },
    warnings: losses.warnings,
  };
}

/** Fields that the API has no place for. */
function leave(request: ChatRequest, losses: EncodeWarnings): void {
  const missing = [
    ["serviceTier", "Ollama has no tiers"],
    ["cacheKey", "Ollama caches prompts by their prefix"],
    ["user", "Ollama has no field for the end user"],
    ["metadata", "Ollama has no metadata"],
  ] as const;
  for (const [field, why] of missing) if (request[field] !== undefined) losses.unsupported(field, why);
  if (request.parallelToolCalls === false)
    losses.unsupported("parallelToolCalls", "Ollama's models may make several calls in one answer");
  if (request.output?.modalities?.some((one) => one !== "text") === true)
    losses.unsupported("output.modalities", "Ollama answers in text");
  if (request.output?.audio !== undefined) losses.unsupported("output.audio", "Ollama answers in text");
}

function options(request: ChatRequest): JsonObject | undefined {
  const set = {
    num_predict: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    stop: request.stop,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
  };
  return Object.values(set).some((value) => value !== undefined) ? set : undefined;
}

function format(request: ChatRequest, losses: EncodeWarnings): JsonObject | string | undefined {
  const wanted = request.responseFormat;
  if (wanted === undefined || wanted.type === "text") return undefined;
  if (wanted.type === "json") return "json";
  if (wanted.name !== undefined) losses.unsupported("responseFormat.name", "schemas have no name");
  if (wanted.description !== undefined)
    losses.unsupported("responseFormat.description", "schemas have no description but their own");
  if (wanted.strict === false) losses.unsupported("responseFormat.strict", "a schema is always followed");
  return wanted.schema;
}

/** `think`: on, off, or a level, which models without levels take as on. https://docs.ollama.com/capabilities/thinking */
function think(
  request: ChatRequest,
  target: DialectTarget,
  losses: EncodeWarnings,
): boolean | string | undefined {
  const { reasoning } = request;
  if (reasoning === undefined) return undefined;
  const { effort, budgetTokens, summary } = reasoning;
  if (budgetTokens !== undefined)
    losses.unsupported("reasoning.budgetTokens", "thinking has no budget of tokens");
  if (summary === "concise" || summary === "detailed")
    losses.changed("reasoning.summary", "thinking comes whole");
  if (effort === "none") return false;
  if (effort === undefined) return true;
  if (quirksOf(target).thinkIsBoolean === true) {
    losses.changed("reasoning.effort", "this server's models think or do not");
    return true;
  }
  const level = effort === "minimal" ? "low" : effort === "max" ? "high" : effort;
  if (level !== effort) losses.changed("reasoning.effort", `the nearest level is ${level}`);
  return level;
}

function tools(
  request: ChatRequest,
  target: DialectTarget,
  losses: EncodeWarnings,
): JsonObject[] | undefined {
  const { toolChoice } = request;
  const given = request.tools ?? [];
  if (toolChoice === "required" || typeof toolChoice === "object")
    losses.unsupported("toolChoice", "Ollama has no tool choice");
  if (toolChoice === "none" && given.length > 0) {
    losses.changed("toolChoice", "Ollama has no tool choice; the tools were left out");
    return undefined;
  }
  const written: JsonObject[] = [];
  given.forEach((tool, position) => {
    const at = `tools.${position}`;
    if (tool.cache !== undefined) losses.unsupported(`${at}.cache`, "Ollama caches prompts by their prefix");
    if (tool.type === "provider") {
      losses.unsupported(at, "Ollama runs no tools");
      return;
    }
    if (tool.strict === true) losses.unsupported(`${at}.strict`, "arguments are not held to their schema");
    const wire = {
      type: "function",
      function: { name: tool.name, description: tool.description, parameters: tool.parameters },
    };
    written.push(extended(wire, tool.extensions, DIALECT, target.provider));
  });
  return written.length === 0 ? undefined : written;
}
