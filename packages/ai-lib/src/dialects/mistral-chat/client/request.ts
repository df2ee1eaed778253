import { type DialectTarget, type Encoded, EncodeWarnings } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import type { MutableJson } from "../../../core/values/json.js";
import { extended } from "../../shared/common/extensions.js";
import { jsonFor } from "../../shared/common/headers.js";
import { DIALECT } from "../shared/family.js";
import { type EffortWord, quirksOf } from "../shared/quirks.js";
import { encodeFormat, encodeToolChoice, encodeTools } from "../shared/tools.js";
import { encodeMessages } from "./messages.js";

/**
 * A request on the wire. https://docs.mistral.ai/api/endpoint/chat
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a request that goes on from state a vendor keeps.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  if (request.continues !== undefined)
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `\`continues\` names state that ${request.continues.provider} keeps; Mistral's chat endpoint keeps none`,
      local: true,
    });
  const losses = new EncodeWarnings();
  const body: MutableJson = {
    model: target.model,
    messages: encodeMessages(request.messages, target, losses),
  };
  if (mode === "stream") body["stream"] = true;
  const tools = encodeTools(request.tools ?? [], target.provider, losses);
  if (tools.length > 0) body["tools"] = tools;
  if (request.toolChoice !== undefined) body["tool_choice"] = encodeToolChoice(request.toolChoice);
  body["parallel_tool_calls"] = request.parallelToolCalls;
  if (request.responseFormat !== undefined) body["response_format"] = encodeFormat(request.responseFormat);
  body["max_tokens"] = request.maxTokens;
  body["temperature"] = request.temperature;
  body["top_p"] = request.topP;
  if (request.stop !== undefined) body["stop"] = request.stop;
  body["random_seed"] = request.seed;
  body["presence_penalty"] = request.presencePenalty;
  body["frequency_penalty"] = request.frequencyPenalty;
  if (request.logprobs !== undefined) {
    body["logprobs"] = request.logprobs !== false;
    if (typeof request.logprobs === "number") body["top_logprobs"] = request.logprobs;
  }
  if (request.reasoning !== undefined) encodeReasoning(request.reasoning, body, target, losses);
  body["service_tier"] = request.serviceTier;
  body["prompt_cache_key"] = request.cacheKey;
  body["metadata"] = request.metadata;
  warnUnsupported(request, losses);
  return {
    http: {
      method: "POST",
      path: "/chat/completions",
      headers: jsonFor(mode),
      body: JSON.stringify(extended(body, request.extensions, DIALECT, target.provider)),
    },
    warnings: losses.warnings,
  };
}

function warnUnsupported(request: ChatRequest, losses: EncodeWarnings): void {
  if (request.topK !== undefined) losses.unsupported("topK", "Mistral has no top-k sampling");
  if (request.user !== undefined) losses.unsupported("user", "Mistral has no field for the end user");
  const { modalities, audio } = request.output ?? {};
  if (modalities?.some((modality) => modality !== "text") === true)
    losses.unsupported("output.modalities", "Mistral answers in text");
  if (audio !== undefined) losses.unsupported("output.audio", "Mistral answers in text");
}

/** From least to most; a word that an endpoint does not take becomes its nearest one here. */
const EFFORTS: readonly EffortWord[] = ["none", "minimal", "low", "medium", "high", "xhigh"];

function encodeReasoning(
  reasoning: Reasoning,
  body: MutableJson,
  target: DialectTarget,
  losses: EncodeWarnings,
): void {
  if (reasoning.budgetTokens !== undefined)
    losses.unsupported("reasoning.budgetTokens", "Mistral has efforts and no budget of thinking tokens");
  if (reasoning.summary !== undefined)
    losses.unsupported("reasoning.summary", "Mistral sends its thinking whole");
  if (reasoning.effort === undefined) return;
  const wanted = reasoning.effort === "max" ? "xhigh" : reasoning.effort;
  const word = nearest(wanted, quirksOf(target).reasoningEfforts ?? EFFORTS);
  if (word !== wanted) losses.changed("reasoning.effort", `${reasoning.effort} became ${word}`);
  body["reasoning_effort"] = word;
}

/** Between two as near as each other the higher one; but thinking that was asked for stays thinking. */
function nearest(wanted: EffortWord, taken: readonly EffortWord[]): EffortWord {
  const place = EFFORTS.indexOf(wanted);
  let best: EffortWord | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const word of taken) {
    const near = Math.abs(EFFORTS.indexOf(word) - place) - (EFFORTS.indexOf(word) > place ? 0.5 : 0);
    const turnsOff = word === "none" && wanted !== "none";
    if (near + (turnsOff ? EFFORTS.length : 0) < least) {
      least = near + (turnsOff ? EFFORTS.length : 0);
      best = word;
    }
  }
  return best ?? wanted;
}
