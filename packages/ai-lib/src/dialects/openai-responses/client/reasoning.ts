import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import { closestEffort, type EffortWord } from "../../shared/common/efforts.js";
import type { OpenAIResponsesContext } from "./context.js";

/** The words of effort that OpenAI accepts: https://platform.openai.com/docs/guides/reasoning. */
const OPENAI_EFFORTS: readonly EffortWord[] = ["none", "minimal", "low", "medium", "high", "xhigh"];

/** The effort for each budget of tokens, up to a limit. */
const BUDGETS: readonly (readonly [limit: number, effort: EffortWord])[] = [
  [0, "none"],
  [1_024, "minimal"],
  [4_096, "low"],
  [16_384, "medium"],
  [Number.POSITIVE_INFINITY, "high"],
];

/** `reasoning`; undefined where the request has no wish. */
export function encodeReasoning(
  { reasoning }: ChatRequest,
  context: OpenAIResponsesContext,
): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  if (context.quirks.omit?.includes("reasoning") === true) {
    context.unsupported("reasoning", { reason: "this model does not reason" });
    return undefined;
  }
  return { effort: encodeEffort(reasoning, context), summary: reasoning.summary };
}

function encodeEffort(reasoning: Reasoning, context: OpenAIResponsesContext): EffortWord | undefined {
  const wanted = wantedEffort(reasoning, context);
  if (wanted === undefined) return undefined;
  const sent = closestEffort(wanted, context.quirks.reasoningEfforts ?? OPENAI_EFFORTS);
  // "max" means the most that there is, which OpenAI calls "xhigh".
  if (sent !== wanted && !(wanted === "max" && sent === "xhigh"))
    context.changed("reasoning.effort", `"${wanted}" became "${sent}"`);
  return sent;
}

function wantedEffort(
  { effort, budgetTokens }: Reasoning,
  context: OpenAIResponsesContext,
): EffortWord | undefined {
  if (budgetTokens === undefined) return effort;
  if (effort !== undefined) {
    context.unsupported("reasoning.budgetTokens");
    return effort;
  }
  const word = BUDGETS.find(([limit]) => budgetTokens <= limit)?.[1] ?? "high";
  context.changed("reasoning.budgetTokens", `it became "${word}"`);
  return word;
}
