import type { Call } from "../../core/contract/call.js";
import type { Flow } from "../../core/contract/sink.js";
import { chatLaws } from "../../core/kinds/chat/laws.js";
import type { AttemptRun } from "../../core/run/attempt.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { Kind } from "../../core/values/kinds.js";

/** Answers a count for an endpoint without one, with an estimate that is marked as such. */
export function estimateCount(call: Call, run: AttemptRun<Kind>): Flow {
  const { inputTokens } = chatLaws.estimate(call.request as ChatRequest);
  let over = false;
  queueMicrotask(() => {
    if (!over) run.reply({ inputTokens, estimated: true });
  });
  return {
    pause() {},
    resume() {},
    abort() {
      over = true;
      return undefined;
    },
  };
}
