import { type Call, callWith } from "../contract/call.js";
import { observe } from "../contract/observer.js";

/**
 * The call as it goes on after a layer waited: the next attempt made with it records how long, and why. The wait
 * belongs to this call, so that another branch of a hedge does not record it.
 */
export function afterWait<C extends Call>(call: C, provider: string, ms: number, reason: string): C {
  const { context, wait } = call;
  observe(context.observer, {
    type: "wait",
    requestId: context.requestId,
    at: context.clock.now(),
    ms,
    reason,
    provider,
  });
  const earlier = wait === undefined || wait.recorded ? 0 : wait.ms;
  return callWith(call, { wait: { ms: earlier + ms, reason, recorded: false } });
}
