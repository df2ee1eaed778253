import { type DialectTarget, type Encoded, EncodeWarnings } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import type { MutableJson } from "../../../core/values/json.js";
import { jsonFor } from "../../shared/common/headers.js";
import { encodeFormat, encodeTools } from "../shared/tools.js";
import { Destination } from "./context.js";
import { MessageWriter } from "./messages.js";

/**
 * A request on the wire. https://docs.cohere.com/v2/reference/chat
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a medium that Cohere does not take, and for a request that goes on
 *   from state a vendor keeps.
 */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  if (request.continues !== undefined)
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `\`continues\` names state that ${request.continues.provider} keeps; Cohere's chat endpoint keeps none`,
      local: true,
    });
  const losses = new EncodeWarnings();
  const to = new Destination(losses, target.provider, target.account);
  const body: MutableJson = {
    model: target.model,
    messages: new MessageWriter(to).write(request.messages),
    stream: mode === "stream",
  };
  encodeTools(request, body, to);
  if (request.responseFormat !== undefined)
    body["response_format"] = encodeFormat(request.responseFormat, losses);
  body["max_tokens"] = request.maxTokens;
  body["temperature"] = request.temperature;
  body["seed"] = request.seed;
  encodeSampling(request, body, losses);
  if (request.reasoning !== undefined) encodeThinking(request.reasoning, body, losses);
  warnUnsupported(request, losses);
  const merged = to.extended(body, request.extensions);
  const documents = merged["documents"];
  const whole =
    to.documents.length === 0
      ? merged
      : { ...merged, documents: [...to.documents, ...(Array.isArray(documents) ? documents : [])] };
  return {
    http: {
      method: "POST",
      path: "/chat",
      headers: jsonFor(mode),
      body: JSON.stringify(whole),
    },
    warnings: losses.warnings,
  };
}

/** At most as many stop sequences. */
const MAX_STOPS = 5;

function encodeSampling(request: ChatRequest, body: MutableJson, losses: EncodeWarnings): void {
  const within = (field: keyof ChatRequest, wire: string, least: number, most: number) => {
    const wanted = request[field];
    if (typeof wanted !== "number") return;
    const taken = Math.min(Math.max(wanted, least), most);
    if (taken !== wanted)
      losses.changed(field, `Cohere takes ${least} to ${most}, so ${wanted} became ${taken}`);
    body[wire] = taken;
  };
  within("topP", "p", 0.01, 0.99);
  within("topK", "k", 0, 500);
  within("presencePenalty", "presence_penalty", 0, 1);
  within("frequencyPenalty", "frequency_penalty", 0, 1);
  const { stop, logprobs } = request;
  if (stop !== undefined) {
    body["stop_sequences"] = stop.slice(0, MAX_STOPS);
    if (stop.length > MAX_STOPS)
      losses.changed("stop", `Cohere takes ${MAX_STOPS} sequences; the others were left out`);
  }
  if (logprobs !== undefined) {
    body["logprobs"] = logprobs !== false;
    if (typeof logprobs === "number")
      losses.changed("logprobs", "Cohere tells the answer's own tokens, and no others");
  }
}

/** Thinking is on or off, and may have a budget. https://docs.cohere.com/docs/reasoning */
function encodeThinking(reasoning: Reasoning, body: MutableJson, losses: EncodeWarnings): void {
  const { effort, budgetTokens, summary } = reasoning;
  if (summary !== undefined) losses.unsupported("reasoning.summary", "Cohere sends its thinking whole");
  if (effort === "none" || budgetTokens === 0) {
    body["thinking"] = { type: "disabled" };
    if (effort === "none" && budgetTokens !== undefined)
      losses.unsupported("reasoning.budgetTokens", 'an effort of "none" turns thinking off');
    return;
  }
  if (budgetTokens !== undefined) {
    if (effort !== undefined) losses.changed("reasoning.effort", "the budget says how much Cohere thinks");
    body["thinking"] = { type: "enabled", token_budget: budgetTokens };
  } else if (effort !== undefined) {
    if (effort !== "high") losses.changed("reasoning.effort", `Cohere thinks or not, so ${effort} became on`);
    body["thinking"] = { type: "enabled" };
  }
}

function warnUnsupported(request: ChatRequest, losses: EncodeWarnings): void {
  const { modalities, audio } = request.output ?? {};
  if (request.parallelToolCalls !== undefined)
    losses.unsupported("parallelToolCalls", "Cohere has no such switch");
  if (modalities?.some((modality) => modality !== "text") === true)
    losses.unsupported("output.modalities", "Cohere answers in text");
  if (audio !== undefined) losses.unsupported("output.audio", "Cohere answers in text");
  if (request.serviceTier !== undefined) losses.unsupported("serviceTier", "Cohere has no tiers");
  if (request.cacheKey !== undefined)
    losses.unsupported("cacheKey", "Cohere finds its caches by prefix alone");
  if (request.user !== undefined) losses.unsupported("user", "Cohere has no field for the end user");
  if (request.metadata !== undefined) losses.unsupported("metadata", "Cohere has no such field");
}
