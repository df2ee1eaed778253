import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { EffortWord } from "../shared/quirks.js";
import type { MistralContext } from "./context.js";

/** From the least effort to the most. */
const EFFORTS: readonly EffortWord[] = ["none", "minimal", "low", "medium", "high", "xhigh"];

/** `reasoning_effort`; undefined where the request asks for none. */
export function encodeEffort({ reasoning }: ChatRequest, context: MistralContext): EffortWord | undefined {
  const { effort, budgetTokens, summary } = reasoning ?? {};
  if (budgetTokens !== undefined) context.unsupported("reasoning.budgetTokens");
  if (summary !== undefined) context.unsupported("reasoning.summary");
  if (effort === undefined) return undefined;
  const wanted = effort === "max" ? "xhigh" : effort;
  const sent = closest(wanted, context.quirks.reasoningEfforts ?? EFFORTS);
  if (sent !== wanted) context.changed("reasoning.effort", `"${effort}" became "${sent}"`);
  return sent;
}

/** The closest of the accepted words: the higher of two that are as close, and never `none` for any other. */
function closest(wanted: EffortWord, accepted: readonly EffortWord[]): EffortWord {
  const place = EFFORTS.indexOf(wanted);
  let best: EffortWord | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const word of accepted) {
    const at = EFFORTS.indexOf(word);
    const turnsOff = word === "none" && wanted !== "none";
    const distance = Math.abs(at - place) - (at > place ? 0.5 : 0) + (turnsOff ? EFFORTS.length : 0);
    if (distance >= least) continue;
    least = distance;
    best = word;
  }
  return best ?? wanted;
}
