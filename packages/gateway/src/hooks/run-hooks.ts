import { AiLibError, systemClock } from "ai-lib";
import { HookFailure } from "./failure-report.js";
import { type HookEvent, type HookResult, REFUSAL_CODES } from "./hook.js";
import type { LoadedHook } from "./load-hook.js";

/**
 * Runs the hooks of one point in order; each receives the result of the previous one.
 * @returns the result of the last one
 * @throws {AiLibError} the refusal of a hook, or `PROVIDER_ERROR` for one that failed and refuses then.
 */
export async function runHooks(hooks: readonly LoadedHook[], event: HookEvent): Promise<HookResult> {
  let { request, response } = event;
  for (const hook of hooks) {
    if (hook.at !== event.at) continue;
    const result = await runHook(hook, { ...event, request, response });
    request = result.request ?? request;
    response = result.response ?? response;
  }
  return { request, response };
}

async function runHook(hook: LoadedHook, event: HookEvent): Promise<HookResult> {
  let result: HookResult | undefined;
  try {
    result = await within(hook.timeoutMs, (signal) => hook.run(event, signal));
  } catch (error) {
    hook.failures?.note(error);
    if (!hook.refuses) return {};
    const message = `A check of the gateway failed at ${event.at}`;
    throw new AiLibError({ code: "PROVIDER_ERROR", message, local: true });
  }
  const refusal = typeof result === "object" && result !== null ? result.refuse : undefined;
  if (refusal === undefined) return typeof result === "object" && result !== null ? result : {};
  const code = REFUSAL_CODES.find((one) => one === refusal.code) ?? "CONTENT_FILTERED";
  throw new AiLibError({ code, message: String(refusal.message), local: true });
}

function within<T>(ms: number, run: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
  const abort = new AbortController();
  return new Promise((resolve, reject) => {
    const cancel = systemClock.after(ms, () => {
      abort.abort();
      reject(new HookFailure(`it took longer than ${ms} ms`));
    });
    Promise.resolve(run(abort.signal)).then(resolve, reject).finally(cancel);
  });
}
