import type { CallOptions } from "../core/contract/call.js";
import { type Clock, systemClock } from "../core/contract/clock.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { AiLibError } from "../core/errors/error.js";
import { atLeast, refuseUnknown } from "../core/errors/options.js";
import { onAbort } from "../core/run/abort.js";
import type { Target } from "../core/values/target.js";

/** The result of a check. `unknown`: the provider has no endpoint to check that costs no tokens. */
export type HealthStatus = "healthy" | "unhealthy" | "unknown";

/** The health of a provider and of everything within it. Plain data except `error`. */
export interface HealthReport {
  readonly name: string;
  readonly status: HealthStatus;
  readonly target?: Target;
  /** Epoch milliseconds. */
  readonly checkedAt: number;
  /** Milliseconds until the endpoint answered. */
  readonly latencyMs?: number;
  /** Why it is unhealthy. */
  readonly error?: AiLibError;
  /** The members of a composition, which is healthy while one of them is. */
  readonly members?: readonly HealthReport[];
}

/** Options of {@link healthCheck}. */
export interface HealthCheckOptions {
  /** Milliseconds within which an endpoint must answer. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Ends the check; endpoints that have not answered by then are `unknown`. */
  readonly signal?: AbortSignal | undefined;
  /** Time. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["timeoutMs", "signal", "clock"]);

/**
 * Checks whether a provider, or every provider within a composition, answers and accepts its key, on endpoints that
 * cost no tokens. Never rejects: errors are in the report.
 *
 * @example
 * const { status, members } = await healthCheck(failover([provider("groq"), provider("openai")]));
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option or one out of range.
 */
export function healthCheck(provider: ChatProvider, options: HealthCheckOptions = {}): Promise<HealthReport> {
  refuseUnknown("option of healthCheck", options, NAMES);
  const timeoutMs = atLeast("timeoutMs", options.timeoutMs ?? 10_000, 0, true);
  return check(provider, options.clock ?? systemClock, timeoutMs, options.signal);
}

async function check(
  provider: ChatProvider,
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<HealthReport> {
  const { name, target } = provider;
  const members = provider.members ?? [];
  if (members.length > 0) {
    const reports = await Promise.all(members.map((member) => check(member, clock, timeoutMs, signal)));
    return { name, status: statusOf(reports), checkedAt: clock.now(), members: reports };
  }
  const startedAt = clock.now();
  const known = { name, ...(target === undefined ? {} : { target }) };
  if (provider.checkHealth === undefined) return { ...known, status: "unknown", checkedAt: startedAt };
  try {
    await runCheck(provider, clock, timeoutMs, signal);
    const checkedAt = clock.now();
    return { ...known, status: "healthy", checkedAt, latencyMs: checkedAt - startedAt };
  } catch (thrown) {
    const error = AiLibError.from(thrown);
    // Neither code says anything about the endpoint.
    const none = error.code === "UNSUPPORTED_FEATURE" || error.code === "CANCELLED";
    return { ...known, status: none ? "unknown" : "unhealthy", checkedAt: clock.now(), error };
  }
}

/** Runs one `checkHealth`; it ends in time even where the provider ignores the abort. */
function runCheck(
  provider: ChatProvider,
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const abort = new AbortController();
  return new Promise<void>((resolve, reject) => {
    const end = (error: AiLibError) => {
      abort.abort(error);
      reject(error);
    };
    let cancelSignal: (() => void) | undefined;
    const leave = () =>
      end(new AiLibError({ code: "CANCELLED", message: "The check was aborted", local: true }));
    const cancelTimer =
      timeoutMs === Number.POSITIVE_INFINITY
        ? () => {}
        : clock.after(timeoutMs, () =>
            end(
              new AiLibError({
                code: "TIMEOUT",
                phase: "attempt",
                message: `${provider.name} did not answer its health check within ${timeoutMs} ms`,
              }),
            ),
          );
    const settle = () => {
      cancelTimer();
      cancelSignal?.();
    };
    abort.signal.addEventListener("abort", settle);
    if (signal?.aborted === true) {
      leave();
      return;
    }
    if (signal !== undefined) cancelSignal = onAbort(signal, leave);
    const options: CallOptions = { signal: abort.signal, clock };
    Promise.resolve(provider.checkHealth?.(options)).then(resolve, reject).finally(settle);
  });
}

function statusOf(reports: readonly HealthReport[]): HealthStatus {
  if (reports.some((report) => report.status === "healthy")) return "healthy";
  return reports.some((report) => report.status === "unknown") ? "unknown" : "unhealthy";
}
