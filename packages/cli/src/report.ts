import type { AiLibError, Attempt, ChatResponse, Target } from "ai-lib";
import { colorsFor, type Io, widthOf } from "./io.js";
import { table } from "./table.js";

/** Milliseconds for people: `340 ms`, `2.1 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** US dollars for people, never rounded to nothing. */
export function dollars(cost: number): string {
  return cost >= 0.01 ? `$${cost.toFixed(2)}` : `$${cost.toFixed(6).replace(/0+$/, "").replace(/\.$/, "")}`;
}

/** A target as commands show it: `groq/llama-3.3-70b (GROQ_API_KEY)`. */
export function formatTarget({ provider, model, key }: Target): string {
  return `${provider}${model === undefined ? "" : `/${model}`}${key === undefined ? "" : ` (${key})`}`;
}

/** How fast an answer was. */
export interface Speed {
  /** From the start of the attempt that answered to its end, in milliseconds. */
  readonly totalMs?: number;
  /** From its start to its first content; undefined where the answer came whole. */
  readonly firstContentMs?: number;
  readonly tokensPerSecond?: number;
}

/** Shorter than this, no speed can be told. */
const SHORTEST_MS = 50;

/** How fast the attempt was that answered. */
export function speedOf(response: ChatResponse): Speed {
  const last = response.attempts.at(-1);
  if (last?.endedAt === undefined) return {};
  const totalMs = last.endedAt - last.startedAt;
  const firstContentMs =
    last.firstContentMs !== undefined && totalMs - last.firstContentMs > 1 ? last.firstContentMs : undefined;
  const writingMs = totalMs - (firstContentMs ?? 0);
  return {
    totalMs,
    ...(firstContentMs === undefined ? {} : { firstContentMs }),
    ...(writingMs < SHORTEST_MS
      ? {}
      : { tokensPerSecond: Math.round((response.usage.outputTokens / writingMs) * 1000) }),
  };
}

/** One line on an answer, for standard error or another stream: who gave it, how fast, how much. */
export function footer(io: Io, response: ChatResponse, to = io.stderr): string {
  const { firstContentMs, tokensPerSecond, totalMs } = speedOf(response);
  const { usage } = response;
  const about = response.usageStatus === "estimated" ? "about " : "";
  const facts = [
    `${response.provider}/${response.model}`,
    firstContentMs === undefined ? undefined : `first token ${duration(firstContentMs)}`,
    totalMs === undefined ? undefined : `whole ${duration(totalMs)}`,
    tokensPerSecond === undefined ? undefined : `${tokensPerSecond} tokens/s`,
    `${about}${usage.inputTokens} in, ${usage.outputTokens} out`,
    response.cost === undefined ? undefined : dollars(response.cost),
    response.finishReason === "stop" ? undefined : `ended: ${response.finishReason}`,
  ].filter((fact) => fact !== undefined);
  return colorsFor(io, to).dim(facts.join(" · "));
}

/** Every attempt of a call, one a line, for standard error or another stream. */
export function trail(io: Io, attempts: readonly Attempt[], to = io.stderr): string {
  const color = colorsFor(io, to);
  const begun = attempts[0]?.startedAt ?? 0;
  const rows = attempts.map((attempt, i) => [
    String(i + 1),
    formatTarget(attempt.target),
    `+${duration(attempt.startedAt - begun)}`,
    attempt.endedAt === undefined ? "" : duration(attempt.endedAt - attempt.startedAt),
    attempt.firstContentMs === undefined ? "" : duration(attempt.firstContentMs),
    attempt.usage === undefined ? "" : `${attempt.usage.inputTokens}+${attempt.usage.outputTokens}`,
    outcome(attempt, color),
  ]);
  return table(
    [
      { heading: "#", right: true },
      { heading: "target" },
      { heading: "began", right: true },
      { heading: "took", right: true },
      { heading: "first", right: true },
      { heading: "tokens", right: true },
      { heading: "outcome" },
    ],
    rows,
    widthOf(to),
  );
}

function outcome(attempt: Attempt, color: ReturnType<typeof colorsFor>): string {
  switch (attempt.outcome) {
    case "success":
      return color.green("answered");
    case "error":
      return color.red(`${attempt.code ?? "error"} ${attempt.message ?? ""}`);
    case "skipped":
      return color.yellow(`passed over: ${attempt.message ?? ""}`);
    case "cancelled":
      return color.yellow("cancelled");
    case "running":
      return "running";
    default: {
      const never: never = attempt.outcome;
      throw new TypeError(`Unknown outcome ${String(never)}`);
    }
  }
}

/**
 * An error for people, on standard error or another stream: what happened, and the trail where there was more than
 * one attempt.
 */
export function errorReport(io: Io, error: AiLibError, to = io.stderr): string {
  const color = colorsFor(io, to);
  const head = `${color.red(error.errorCodeWithSeverity())} ${error.message}`;
  return error.attempts.length > 1 ? `${head}\n${trail(io, error.attempts, to)}` : head;
}
