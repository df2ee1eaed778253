import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { GeminiContext } from "./context.js";

/**
 * The budgets of 2.5 models for efforts, as Google's OpenAI-compatible endpoint sets them:
 * https://ai.google.dev/gemini-api/docs/openai#thinking.
 */
const BUDGETS = { minimal: 1_024, low: 1_024, medium: 8_192, high: 24_576, xhigh: 24_576 } as const;

/** The smallest budget of models that always think. */
const MIN_BUDGET = 128;

/** `thinkingConfig`; undefined if the request says nothing, or the model does not think. */
export function encodeThinking({ reasoning }: ChatRequest, context: GeminiContext): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  const { facts, target } = context;
  const { effort, budgetTokens, summary } = reasoning;
  if (summary === "concise" || summary === "detailed") context.changed("reasoning.summary");
  else if (summary === "auto" && effort === "none")
    context.unsupported("reasoning.summary", { reason: 'the effort "none" turns thinking off' });
  if (facts.thinking === "none") {
    if (effort !== "none") context.unsupported("reasoning", { reason: `${target.model} does not think` });
    return undefined;
  }
  const includeThoughts = effort !== "none" && budgetTokens !== 0 && summary !== "none";
  if (budgetTokens !== undefined) {
    // "You cannot use both thinking_level and the legacy thinking_budget parameter in the same request."
    if (effort !== undefined) context.preferBudget();
    return { includeThoughts, thinkingBudget: budgetTokens };
  }
  if (effort === undefined) return { includeThoughts };
  if (facts.thinking === "budget") {
    if (effort === "none") {
      if (facts.canRest) return { includeThoughts: false, thinkingBudget: 0 };
      context.changed(
        "reasoning.effort",
        `"none" became ${MIN_BUDGET} tokens, since the model always thinks`,
      );
      return { includeThoughts: false, thinkingBudget: MIN_BUDGET };
    }
    const thinkingBudget = effort === "max" ? facts.maxBudget : BUDGETS[effort];
    context.changed("reasoning.effort", `"${effort}" became ${thinkingBudget} tokens`);
    return { includeThoughts, thinkingBudget };
  }
  const lowest = facts.canRest ? "minimal" : "low";
  const level =
    effort === "none" || effort === "minimal"
      ? lowest
      : effort === "low" || effort === "medium"
        ? effort
        : "high";
  if (level !== effort) context.changed("reasoning.effort", `"${effort}" became "${level}"`);
  return { includeThoughts, thinkingLevel: level.toUpperCase() };
}
