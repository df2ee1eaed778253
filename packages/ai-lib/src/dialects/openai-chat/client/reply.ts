import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Mutable, Warning } from "../../../core/values/answer.js";
import type { EndFacts, Reply } from "../../../core/values/chat-response.js";
import { asArray, asObject, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import { nonEmpty } from "../../shared/common/body-fields.js";
import { billedCost } from "../../shared/openai/billed.js";
import { mayBeError } from "../../shared/openai/error-signs.js";
import { finishIn, finishOf } from "../shared/finish.js";
import { type OpenAiChatQuirks, quirksOf } from "../shared/quirks.js";
import { decodeReasoning } from "../shared/state.js";
import { decodeUsage } from "../shared/usage.js";
import { errors, hasRareParts, mayHaveFailed, rareParts } from "./on-demand.js";

/**
 * Decodes a whole reply. The parts are in the order of a stream: reasoning, tools that the provider ran, text, refusal,
 * images, sound, calls, sources.
 * @throws {AiLibError} the classified error for an error inside a 200; `INVALID_RESPONSE` for a body that is not a
 *   reply.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const value = tryParse(reply.body);
  // Google's compatible endpoint sends its errors in an array.
  const wrapped: unknown = Array.isArray(value) ? value[0] : value;
  const body = isObject(wrapped) ? wrapped : parseBody(reply.body);
  const quirks = quirksOf(target);
  if (mayBeError(body)) {
    const { errorIn, decodeInBandError } = errors.get();
    const error = errorIn(body);
    if (error !== undefined) throw decodeInBandError(error, reply.body, target);
  }
  const choice = firstChoice(body["choices"]);
  if (choice === undefined)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "The reply has no choices, so there is no answer",
      body: reply.body,
    });
  const facts = decodeFacts(body, choice, quirks);
  const warnings: Warning[] = [];
  const text = plainTextOf(body, choice, quirks);
  const content =
    text === undefined
      ? rareParts.get().decodeMessage(body, choice, facts, target, quirks, warnings)
      : text === ""
        ? []
        : [{ type: "text" as const, text }];
  if (mayHaveFailed(choice, facts.rawFinishReason)) {
    const { failureIn, partialOf } = errors.get();
    const called = content.some((part) => part.type === "tool-call" && part.executedBy === undefined);
    const failed = failureIn(choice, facts.rawFinishReason, reply.body, called, target);
    if (failed !== undefined && "error" in failed)
      throw failed.error.with({ partial: partialOf(content, facts, target) });
    if (failed !== undefined) warnings.push(failed.warning);
  }
  return warnings.length === 0 ? { content, facts } : { content, facts, warnings };
}

/** The choice with index 0, or the first one if none has it. */
export function firstChoice(choices: unknown): JsonObject | undefined {
  let first: JsonObject | undefined;
  for (const choice of asArray(choices)) {
    if (!isObject(choice)) continue;
    if (choice["index"] === 0) return choice;
    first ??= choice;
  }
  return first;
}

function decodeFacts(body: JsonObject, choice: JsonObject, quirks: OpenAiChatQuirks): EndFacts {
  const raw = finishIn(choice);
  const excludesReasoning = quirks.usageExcludesReasoning ?? false;
  const usage =
    decodeUsage(body["usage"], excludesReasoning) ??
    decodeUsage(asObject(body["x_groq"])?.["usage"], excludesReasoning);
  const facts: Mutable<EndFacts> = { finishReason: raw === undefined ? "other" : finishOf(raw) };
  const cost = billedCost(usage?.raw, quirks.costInDollars ?? false);
  const id = nonEmpty(body["id"]);
  const model = nonEmpty(body["model"]);
  const serviceTier = nonEmpty(body["service_tier"]);
  if (raw !== undefined) facts.rawFinishReason = raw;
  if (usage !== undefined) facts.usage = usage;
  if (cost !== undefined) facts.cost = cost;
  if (id !== undefined) facts.id = id;
  if (model !== undefined) facts.model = model;
  if (serviceTier !== undefined) facts.serviceTier = serviceTier;
  return facts;
}

/** The text of an answer that is nothing but text, as most are; undefined for any other. */
function plainTextOf(body: JsonObject, choice: JsonObject, quirks: OpenAiChatQuirks): string | undefined {
  const { message } = choice;
  if (!isObject(message) || quirks.thinkTags === true || hasRareParts(body, choice)) return undefined;
  const { content = "", refusal } = message;
  if (decodeReasoning(message) !== "" || nonEmpty(refusal) !== undefined) return undefined;
  return typeof content === "string" ? content : undefined;
}
