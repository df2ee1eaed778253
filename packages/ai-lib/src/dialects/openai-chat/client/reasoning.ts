import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import { closestEffort, type EffortWord } from "../../shared/common/efforts.js";
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
      if (reasoning.budgetTokens !== undefined) context.unsupported("reasoning.budgetTokens");
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

/** https://openrouter.ai/docs/guides/best-practices/reasoning-tokens: `effort` or `max_tokens`, not both. */
function encodeObject(reasoning: Reasoning, context: OpenAIChatContext): JsonObject {
  const { effort, budgetTokens } = reasoning;
  if (budgetTokens === undefined)
    return effort === undefined ? {} : { reasoning: { effort: effortWord(effort, context) } };
  if (effort === "none") return { reasoning: { effort } };
  if (effort !== undefined) context.preferBudget();
  return { reasoning: { max_tokens: budgetTokens } };
}

function encodeThinking(reasoning: Reasoning, context: OpenAIChatContext): JsonObject {
  const { thinkingBudget, thinkingEffort } = context.quirks;
  if (reasoning.effort === "none") return { thinking: { type: "disabled" } };
  const thinking: MutableJson = { type: "enabled" };
  if (reasoning.budgetTokens !== undefined) {
    if (thinkingBudget === true) thinking["budget_tokens"] = reasoning.budgetTokens;
    else context.unsupported("reasoning.budgetTokens");
  }
  if (thinkingEffort === true) return { thinking, ...encodeEffort(reasoning, context) };
  warnSwitch(reasoning, context);
  return { thinking };
}

/** @param budget the endpoint accepts a budget of tokens. */
function encodeSwitch(reasoning: Reasoning, context: OpenAIChatContext, budget: boolean): JsonObject {
  const { effort, budgetTokens } = reasoning;
  if (effort === "none") return { enable_thinking: false };
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

function encodeEffort({ effort }: Reasoning, context: OpenAIChatContext): JsonObject {
  return effort === undefined ? {} : { reasoning_effort: effortWord(effort, context) };
}

function effortWord(effort: NonNullable<Reasoning["effort"]>, context: OpenAIChatContext): EffortWord {
  const sent = closestEffort(effort, context.quirks.reasoningEfforts ?? DEFAULT_EFFORTS);
  if (sent !== effort) context.changed("reasoning.effort", `"${effort}" became "${sent}"`);
  return sent;
}
