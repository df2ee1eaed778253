import type { Call } from "../contract/call.js";
import type { Target } from "../values/target.js";

/** Notes in the trail that a member was passed over. */
export function skipAttempt(call: Call, target: Target, message: string): void {
  const now = call.context.clock.now();
  call.context.attempts.push({ target, outcome: "skipped", startedAt: now, endedAt: now, message });
}
