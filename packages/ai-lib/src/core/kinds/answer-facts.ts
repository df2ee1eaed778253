import type { AnswerFacts, Warning } from "../values/answer.js";
import { isMarkedEstimate } from "../values/usage.js";
import type { ReplyFrame } from "./laws.js";

/** Facts that replies of every kind can have. */
interface ReplyFacts {
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly usage?: AnswerFacts["usage"] | undefined;
}

/** The facts of an answer whose provider bills tokens: estimated ones, where it reports none. */
export function answerFacts(
  { id, model, usage }: ReplyFacts,
  warnings: readonly Warning[],
  frame: ReplyFrame,
): AnswerFacts {
  return {
    id: id ?? frame.id,
    provider: frame.provider,
    model: model ?? frame.model,
    usage: usage ?? { inputTokens: frame.estimateInput(), outputTokens: 0 },
    usageStatus: usage === undefined || isMarkedEstimate(usage) ? "estimated" : "final",
    warnings,
    attempts: frame.attempts,
  };
}
