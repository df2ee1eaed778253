import { AiLibError } from "../../errors/error.js";
import type { Mutable, Warning } from "../../values/answer.js";
import type { ChatResponse, EndFacts, FinishReason } from "../../values/chat-response.js";
import { jsonLength } from "../../values/json.js";
import type { AssistantMessage, ContentPart, ToolCallPart } from "../../values/message.js";
import { isMarkedEstimate, tokensOf, type Usage } from "../../values/usage.js";
import type { ReplyFrame } from "../laws.js";
import { malformedCallWarnings } from "./tool-call.js";

/**
 * A response from whole parts, for unary replies and for streams.
 * @param known what was known of the usage before the end, for an answer whose end reports none.
 */
export function buildResponse(
  given: readonly ContentPart[],
  facts: EndFacts,
  warnings: readonly Warning[],
  frame: ReplyFrame,
  known?: Usage,
): Mutable<ChatResponse> {
  const content = withoutCutInput(given, facts.finishReason);
  let text = "";
  let reasoningText = "";
  const toolCalls: ToolCallPart[] = [];
  for (const part of content) {
    if (part.type === "text") text += part.text;
    else if (part.type === "reasoning") reasoningText += part.text;
    else if (part.type === "tool-call" && part.executedBy === undefined) toolCalls.push(part);
  }
  const message: AssistantMessage = { role: "assistant", content };
  // Written out: spreading the facts, whose shape is another with every vendor, took 5 % of a whole call's time.
  const response: Mutable<ChatResponse> = {
    id: facts.id ?? frame.id,
    provider: frame.provider,
    model: facts.model ?? frame.model,
    content,
    text,
    reasoningText,
    toolCalls,
    message,
    finishReason: settleFinish(facts.finishReason, toolCalls.length > 0),
    usage: facts.usage ?? estimatedUsage(content, frame, known),
    usageStatus: facts.usage === undefined || isMarkedEstimate(facts.usage) ? "estimated" : "final",
    warnings: toolCalls.length === 0 ? warnings : withMalformedCalls(warnings, content, facts.finishReason),
    attempts: frame.attempts,
  };
  if (facts.rawFinishReason !== undefined) response.rawFinishReason = facts.rawFinishReason;
  if (facts.serviceTier !== undefined) response.serviceTier = facts.serviceTier;
  if (facts.refusal !== undefined) response.refusal = facts.refusal;
  if (facts.cacheMiss !== undefined) response.cacheMiss = facts.cacheMiss;
  if (facts.extensions !== undefined) response.extensions = facts.extensions;
  if (facts.cost !== undefined) response.cost = facts.cost;
  return response;
}

/** Whether an answer ended in the middle, at the token limit or at a filter. */
function isLimit(reason: FinishReason): boolean {
  return reason === "length" || reason === "content-filter";
}

/** At a limit the input of the last call may have been cut without a sign in the text: it must not run. */
function withoutCutInput(content: readonly ContentPart[], reason: FinishReason): readonly ContentPart[] {
  if (!isLimit(reason)) return content;
  const last = content.at(-1);
  if (last?.type !== "tool-call" || last.input === undefined || last.executedBy !== undefined) return content;
  const { input, ...call } = last;
  return [...content.slice(0, -1), { ...call, argumentsText: input }];
}

/** At a limit, a call without complete arguments is not a mistake of the model. */
function withMalformedCalls(
  warnings: readonly Warning[],
  content: readonly ContentPart[],
  reason: FinishReason,
): readonly Warning[] {
  if (isLimit(reason)) return warnings;
  const malformed = malformedCallWarnings(content);
  return malformed.length === 0 ? warnings : [...warnings, ...malformed];
}

/**
 * Checks that an answer with malformed content has other content.
 * @throws {AiLibError} `INVALID_RESPONSE` if nothing is: another attempt or another provider can do better.
 */
export function refuseMalformed(content: readonly ContentPart[], warnings: readonly Warning[]): void {
  const malformed = content.length === 0 ? warnings.find(({ code }) => code === "malformed") : undefined;
  if (malformed !== undefined)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `The answer has no usable content: ${malformed.message}`,
    });
}

/** `tool-calls` means calls that the caller must run, whatever reason the provider gave. */
function settleFinish(reason: FinishReason, calls: boolean): FinishReason {
  if (reason === "stop" && calls) return "tool-calls";
  if (reason === "tool-calls" && !calls) return "stop";
  return reason;
}

function estimatedUsage(content: readonly ContentPart[], frame: ReplyFrame, known: Usage | undefined): Usage {
  let characters = 0;
  for (const part of content) {
    if (part.type === "text" || part.type === "reasoning" || part.type === "refusal")
      characters += part.text.length;
    else if (part.type === "tool-call")
      characters += part.input?.length ?? part.argumentsText?.length ?? jsonLength(part.arguments);
  }
  const outputTokens = tokensOf(characters);
  return known === undefined
    ? { inputTokens: frame.estimateInput(), outputTokens }
    : { ...known, outputTokens: Math.max(known.outputTokens, outputTokens) };
}
