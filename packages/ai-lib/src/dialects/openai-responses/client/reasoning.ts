import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { EffortWord } from "../shared/quirks.js";
import type { RequestScope } from "./context.js";

/** From the least effort to the most. */
const ORDER: readonly EffortWord[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** What OpenAI knows: https://platform.openai.com/docs/guides/reasoning */
const OPENAI: readonly EffortWord[] = ["none", "minimal", "low", "medium", "high", "xhigh"];

/** Tokens up to which a budget stands for an effort. */
const BUDGETS: readonly (readonly [number, EffortWord])[] = [
  [0, "none"],
  [1_024, "minimal"],
  [4_096, "low"],
  [16_384, "medium"],
  [Number.POSITIVE_INFINITY, "high"],
];

/** What the body says of reasoning; undefined where the request says nothing. */
export function encodeReasoning(request: ChatRequest, scope: RequestScope): JsonObject | undefined {
  const { reasoning } = request;
  if (reasoning === undefined) return undefined;
  const wanted = effortOf(reasoning, scope);
  const known = scope.quirks.reasoningEfforts ?? OPENAI;
  const effort = wanted === undefined ? undefined : nearest(wanted, known);
  // "max" is the contract's word for the most that there is, which OpenAI calls "xhigh".
  if (effort !== wanted && !(wanted === "max" && effort === "xhigh"))
    scope.losses.changed(
      "reasoning.effort",
      `"${wanted}" became "${effort}", the nearest that is known here`,
    );
  return { effort, summary: reasoning.summary };
}

function effortOf(reasoning: Reasoning, scope: RequestScope): EffortWord | undefined {
  const { effort, budgetTokens } = reasoning;
  if (budgetTokens === undefined) return effort;
  if (effort !== undefined) {
    scope.losses.unsupported("reasoning.budgetTokens", "thinking is measured in words of effort alone");
    return effort;
  }
  const word = BUDGETS.find(([tokens]) => budgetTokens <= tokens)?.[1] ?? "high";
  scope.losses.changed(
    "reasoning.budgetTokens",
    `thinking is measured in words of effort; it became "${word}"`,
  );
  return word;
}

function nearest(wanted: EffortWord, known: readonly EffortWord[]): EffortWord {
  if (known.includes(wanted)) return wanted;
  const at = ORDER.indexOf(wanted);
  let best: EffortWord = wanted;
  let distance = Number.POSITIVE_INFINITY;
  for (const word of known) {
    // Switched off is no degree of effort: nothing else becomes it.
    const far = word === "none" ? ORDER.length : Math.abs(ORDER.indexOf(word) - at);
    // Between two equally near, the lesser costs less.
    if (far < distance) [best, distance] = [word, far];
  }
  return best;
}
