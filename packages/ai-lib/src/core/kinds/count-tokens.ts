import type { Warning } from "../values/answer.js";
import type { CountTokensReply, CountTokensResponse } from "../values/count-tokens.js";
import { chatLaws } from "./chat/laws.js";
import type { KindLaws, ReplyFrame } from "./laws.js";
import { unary } from "./unary.js";

/** The rules of the kind `countTokens`. */
export const countTokensLaws: KindLaws<"countTokens"> = {
  ...unary("countTokens"),
  kind: "countTokens",
  idempotent: true,
  validate: chatLaws.validate,
  // Counting is free at every vendor.
  estimate: () => ({ inputTokens: 0, outputTokens: 0 }),
  requirements: chatLaws.requirements,
  respond,
  warningsOf: (reply) => reply.warnings ?? [],
  sample: (request) => ({ inputTokens: chatLaws.estimate(request).inputTokens }),
};

function respond(
  reply: CountTokensReply,
  warnings: readonly Warning[],
  frame: ReplyFrame,
): CountTokensResponse {
  return {
    id: frame.id,
    provider: frame.provider,
    model: reply.model ?? frame.model,
    inputTokens: reply.inputTokens,
    ...(reply.cachedInputTokens === undefined ? {} : { cachedInputTokens: reply.cachedInputTokens }),
    estimated: reply.estimated ?? false,
    usage: { inputTokens: 0, outputTokens: 0 },
    usageStatus: "final",
    warnings,
    attempts: frame.attempts,
  };
}
