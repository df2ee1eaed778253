import type { ObserverEvent } from "../core/contract/observer.js";
import { formatTarget } from "../core/errors/attempt-log.js";
import type { AiLibError } from "../core/errors/error.js";
import type { Attempt } from "../core/values/attempt.js";
import type { Severity } from "../core/values/error-code.js";
import type { Usage, UsageStatus } from "../core/values/usage.js";
import { responseFields } from "./fields.js";

/** The severity of a log record, from `"debug"` (least) to `"error"`. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** A log record before it is written, from {@link toLogRecord}. */
export interface LogRecord {
  readonly level: LogLevel;
  /** One sentence for a reader. */
  readonly message: string;
  /** The same facts for programs, without prompts, answers and secrets. Skip a field that is `undefined`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const LEVELS: Readonly<Record<Severity, LogLevel>> = {
  TRANSIENT: "warn",
  CLIENT: "warn",
  SERVER: "error",
  FATAL: "error",
};

/** The level of an error follows its severity; a call that its caller cancelled is not a fault. */
function levelOf(error: AiLibError | undefined): LogLevel {
  if (error === undefined || error.code === "CANCELLED") return "info";
  return LEVELS[error.severity];
}

/**
 * Describes an observer event as a log record, for a log format or a progress display of your own.
 * `logObserver` writes the same records.
 *
 * @example
 * const observer = {
 *   on(event) {
 *     const { level, message } = toLogRecord(event);
 *     console.error(level, message);
 *   },
 * } satisfies Observer;
 */
export function toLogRecord(event: ObserverEvent): LogRecord {
  switch (event.type) {
    case "request-start":
      return {
        level: "debug",
        message: `${event.provider} is asked${event.mode === "stream" ? " for a stream" : ""}`,
        fields: { provider: event.provider, mode: event.mode, model: event.request.model },
      };
    case "request-end": {
      const { response, error } = event;
      const durationMs = event.at - event.startedAt;
      const who = response === undefined ? event.provider : `${response.provider}/${response.model}`;
      return {
        level: levelOf(error),
        message:
          error === undefined
            ? `${who} answered${describeDuration(durationMs)}`
            : `${who} ${describeFailure(error)}`,
        fields: {
          provider: response?.provider ?? error?.target?.provider ?? event.provider,
          model: response?.model ?? error?.target?.model,
          mode: event.mode,
          durationMs: roundMs(durationMs),
          attempts: (response ?? error)?.attempts.length,
          finishReason: response === undefined ? undefined : responseFields(response).finishReason,
          ...usageFields(response),
          cost: response?.cost,
          ...errorFields(error),
        },
      };
    }
    case "attempt-start":
      return {
        level: "debug",
        message: `attempt at ${formatTarget(event.attempt.target)}`,
        fields: { ...targetFields(event.attempt), waitMs: event.attempt.waitMs },
      };
    case "first-content":
      return {
        level: "debug",
        message: `first content of ${formatTarget(event.attempt.target)}${describeDuration(event.attempt.firstContentMs ?? 0)}`,
        fields: {
          ...targetFields(event.attempt),
          firstContentMs: roundMs(event.attempt.firstContentMs ?? 0),
        },
      };
    case "attempt-end":
      return attemptEnd(event.attempt, event.error, event.at);
    case "wait":
      return {
        level: "info",
        message: `waits ${roundMs(event.ms)} ms before ${event.provider}: ${event.reason}`,
        fields: { provider: event.provider, ms: roundMs(event.ms), reason: event.reason },
      };
    case "failover":
      return {
        level: "warn",
        message: `${event.strategy} moves from ${event.from} to ${event.to}: ${event.error.errorCodeWithSeverity()}`,
        fields: {
          strategy: event.strategy,
          from: event.from,
          to: event.to,
          ...errorFields(event.error),
        },
      };
    case "hedge":
      return {
        level: "info",
        message: `${event.strategy} asks ${event.to} as well, after ${roundMs(event.afterMs)} ms`,
        fields: { strategy: event.strategy, to: event.to, afterMs: roundMs(event.afterMs) },
      };
    case "breaker":
      return {
        level: event.to === "open" ? "error" : "warn",
        message: `the breaker of ${event.key} is ${event.to}`,
        fields: { target: event.key, from: event.from, to: event.to },
      };
    case "cooldown":
      return {
        level: "warn",
        message: `${event.key} cools down for ${roundMs(event.until - event.at)} ms: ${event.error.errorCodeWithSeverity()}`,
        fields: { target: event.key, untilMs: roundMs(event.until - event.at), ...errorFields(event.error) },
      };
    case "rate-limit-wait":
      return {
        level: "info",
        message: `${event.provider} waits ${roundMs(event.ms)} ms for its rate limit`,
        fields: { provider: event.provider, ms: roundMs(event.ms) },
      };
    case "shed":
      return {
        level: "warn",
        message: `${event.provider} refused a call, ${event.queued} were waiting`,
        fields: { provider: event.provider, queued: event.queued },
      };
    case "health":
      return {
        level: event.healthy ? "info" : "error",
        message: `${formatTarget(event.target)} is ${event.healthy ? "healthy again" : "unhealthy"}`,
        fields: { ...event.target, healthy: event.healthy },
      };
    default: {
      const never: never = event;
      throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
    }
  }
}

function attemptEnd(attempt: Attempt, error: AiLibError | undefined, at: number): LogRecord {
  const durationMs = at - attempt.startedAt;
  const how =
    error === undefined
      ? attempt.outcome === "cancelled"
        ? `was cancelled${describeDuration(durationMs)}`
        : `answered${describeDuration(durationMs)}`
      : describeFailure(error);
  return {
    level: error === undefined && attempt.outcome === "success" ? "debug" : levelOf(error),
    message: `attempt at ${formatTarget(attempt.target)} ${how}`,
    fields: {
      ...targetFields(attempt),
      outcome: attempt.outcome,
      durationMs: roundMs(durationMs),
      firstContentMs: attempt.firstContentMs === undefined ? undefined : roundMs(attempt.firstContentMs),
      ...usageFields(attempt),
      cost: attempt.cost,
      ...errorFields(error),
    },
  };
}

function targetFields({ target }: Attempt): Record<string, unknown> {
  return { ...target };
}

function usageFields(
  source: { readonly usage?: Usage; readonly usageStatus?: UsageStatus } | undefined,
): Record<string, unknown> {
  const { usage, usageStatus } = source ?? {};
  if (usage === undefined) return {};
  const { raw: _raw, ...counts } = usage;
  return { ...counts, usageStatus };
}

function errorFields(error: AiLibError | undefined): Record<string, unknown> {
  if (error === undefined) return {};
  return {
    code: error.errorCodeWithSeverity(),
    scope: error.scope,
    status: error.status,
    providerRequestId: error.requestId,
    retryAt: error.retryAt === undefined ? undefined : new Date(error.retryAt).toISOString(),
    local: error.local ? true : undefined,
    committed: error.committed ? true : undefined,
  };
}

function describeFailure(error: AiLibError): string {
  return `failed: ${error.errorCodeWithSeverity()}${error.status === undefined ? "" : ` (${error.status})`}`;
}

function describeDuration(ms: number): string {
  return ` after ${roundMs(ms)} ms`;
}

function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10;
}
