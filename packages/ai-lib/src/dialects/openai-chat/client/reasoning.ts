import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import { closestEffort, type EffortWord, effortOf, turnsThinkingOff } from "../../shared/common/efforts.js";
import type { OpenAIChatContext } from "./context.js";

/** The words of effort that most endpoints accept. */
const DEFAULT_EFFORTS: readonly EffortWord[] = ["none", "minimal", "low", "medium", "high"];

/** The fields that control thinking, in the form of the endpoint. */
export function encodeReasoning({ reasoning }: ChatRequest, context: OpenAIChatContext): JsonObject {
  if (reasoning === undefined) return {};
  const form = context.quirks.reasoningRequest ?? "reasoning_effort";
  if (reasoning.summary !== undefined && form !== "none") context.unsupported("reasoning.summary");
  switch (form) {
    case "reasoning_effort":
      return encodeEffort(reasoning, context);
    case "reasoning":
      return encodeObject(reasoning, context);
    case "thinking":
      return encodeThinking(reasoning, context);
    case "enable_thinking":
      return encodeSwitch(reasoning, context, true);
    case "chat_template_kwargs":
      return { chat_template_kwargs: encodeSwitch(reasoning, context, false) };
    case "none":
      context.unsupported("reasoning");
      return {};
    default: {
      const never: never = form;
      throw new TypeError(`Unknown form of reasoning ${String(never)}`);
    }
  }
}

/** https://openrouter.ai/docs/guides/best-practices/reasoning-tokens: `effort`, `max_tokens` or `enabled`. */
function encodeObject(reasoning: Reasoning, context: OpenAIChatContext): JsonObject {
  const { effort, budgetTokens } = reasoning;
  if (turnsThinkingOff(reasoning)) return { reasoning: { effort: "none" } };
  if (budgetTokens === undefined)
    return { reasoning: effort === undefined ? { enabled: true } : { effort: effortWord(effort, context) } };
  if (effort !== undefined) context.preferBudget();
  return { reasoning: { max_tokens: budgetTokens } };
}

function encodeThinking(reasoning: Reasoning, context: OpenAIChatContext): JsonObject {
  const { thinkingBudget, thinkingEffort } = context.quirks;
  if (turnsThinkingOff(reasoning)) return { thinking: { type: "disabled" } };
  const thinking: MutableJson = { type: "enabled" };
  const { effort, budgetTokens } = reasoning;
  const measured = effort !== undefined || budgetTokens !== undefined;
  if (thinkingBudget === true) {
    if (budgetTokens !== undefined) thinking["budget_tokens"] = budgetTokens;
    if (thinkingEffort === true && effort !== undefined)
      return { thinking, ...encodeEffort({ effort }, context) };
  } else if (thinkingEffort === true)
    return measured ? { thinking, ...encodeEffort(reasoning, context) } : { thinking };
  else if (budgetTokens !== undefined) context.unsupported("reasoning.budgetTokens");
  warnSwitch(reasoning, context);
  return { thinking };
}

/** @param budget the endpoint accepts a budget of tokens. */
function encodeSwitch(reasoning: Reasoning, context: OpenAIChatContext, budget: boolean): JsonObject {
  const { budgetTokens } = reasoning;
  if (turnsThinkingOff(reasoning)) return { enable_thinking: false };
  warnSwitch(reasoning, context);
  if (budgetTokens === undefined) return { enable_thinking: true };
  if (budget) return { enable_thinking: true, thinking_budget: budgetTokens };
  context.unsupported("reasoning.budgetTokens");
  return { enable_thinking: true };
}

/** Warns about an effort where thinking is on or off. `medium` is what most models do by default. */
function warnSwitch({ effort }: Reasoning, context: OpenAIChatContext): void {
  if (effort !== undefined && effort !== "medium")
    context.changed("reasoning.effort", { reason: "thinking is on or off here; it is on" });
}

function encodeEffort(reasoning: Reasoning, context: OpenAIChatContext): JsonObject {
  return { reasoning_effort: effortWord(effortOf(reasoning, context), context) };
}

function effortWord(effort: EffortWord, context: OpenAIChatContext): EffortWord {
  const sent = closestEffort(effort, context.quirks.reasoningEfforts ?? DEFAULT_EFFORTS);
  if (sent !== effort) context.changed("reasoning.effort", `"${effort}" became "${sent}"`);
  return sent;
}
