import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import { closestEffort, type EffortWord, effortOf } from "../../shared/common/efforts.js";
import type { OpenAIResponsesContext } from "./context.js";

/** The words of effort that OpenAI accepts: https://platform.openai.com/docs/guides/reasoning. */
const OPENAI_EFFORTS: readonly EffortWord[] = ["none", "minimal", "low", "medium", "high", "xhigh"];

/** `reasoning`; undefined if the request sets none. */
export function encodeReasoning(
  { reasoning }: ChatRequest,
  context: OpenAIResponsesContext,
): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  if (context.quirks.omit?.includes("reasoning") === true) {
    context.unsupported("reasoning", { reason: "this model does not reason" });
    return undefined;
  }
  const { effort, budgetTokens, summary, keep } = reasoning;
  const onlyKeeps = keep !== undefined && effort === undefined && budgetTokens === undefined;
  return {
    effort: onlyKeeps ? undefined : encodeEffort(reasoning, context),
    // If the request sets no summary, none is requested.
    summary: summary === "none" ? undefined : summary,
    // https://platform.openai.com/docs/guides/reasoning
    context: keep === undefined ? undefined : KEPT[keep],
  };
}

const KEPT = { turn: "current_turn", all: "all_turns" } as const;

function encodeEffort(reasoning: Reasoning, context: OpenAIResponsesContext): EffortWord | undefined {
  const wanted = effortOf(reasoning, context);
  const sent = closestEffort(wanted, context.quirks.reasoningEfforts ?? OPENAI_EFFORTS);
  if (sent !== wanted) context.changed("reasoning.effort", `"${wanted}" became "${sent}"`);
  return sent;
}
