import type { AiLibError, Attempt, ChatResponse, Target } from "ai-lib";
import { type Colors, type Io, measureWidth, selectColors } from "./io.js";
import { describeKey } from "./key-origin.js";
import { measureSpeed } from "./speed.js";
import { formatTable } from "./table.js";
import { foreignText } from "./terminal.js";
import { wrapText } from "./wrap-text.js";

/** Formats milliseconds for a reader: `340 ms`, `2.1 s`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Formats US dollars for a reader; a small amount keeps its digits instead of becoming `$0.00`. */
export function formatDollars(cost: number): string {
  return cost >= 0.01
    ? `$${cost.toFixed(2)}`
    : `$${cost
        .toFixed(6)
        .replace(/(?<!0)0+$/, "")
        .replace(/\.$/, "")}`;
}

/** Formats a target: `groq/llama-3.3-70b (GROQ_API_KEY)`. */
export function formatTarget({ provider, model, key }: Target): string {
  return `${provider}${model === undefined ? "" : `/${model}`}${key === undefined ? "" : ` (${key})`}`;
}

/** Formats one line about an answer: target, speed, tokens, cost. `to` is the stream that it is written to. */
export function formatFooter(io: Io, response: ChatResponse, to = io.stderr): string {
  const { firstContentMs, tokensPerSecond, totalMs } = measureSpeed(response);
  const { usage } = response;
  const answeredBy = foreignText(to, `${response.provider}/${response.model}`);
  const about = response.usageStatus === "estimated" ? "about " : "";
  const facts = [
    answeredBy,
    firstContentMs === undefined ? undefined : `first token ${formatDuration(firstContentMs)}`,
    totalMs === undefined ? undefined : `total ${formatDuration(totalMs)}`,
    tokensPerSecond === undefined ? undefined : `${tokensPerSecond} tokens/s`,
    `${about}${usage.inputTokens} in, ${usage.outputTokens} out`,
    response.cost === undefined ? undefined : formatDollars(response.cost),
    response.finishReason === "stop" ? undefined : `finish reason: ${response.finishReason}`,
  ].filter((fact) => fact !== undefined);
  return selectColors(io, to).dim(wrapText(facts.join(" · "), measureWidth(to)));
}

/** Formats the attempts of a call as a table. `to` is the stream that it is written to. */
export function formatAttempts(io: Io, attempts: readonly Attempt[], to = io.stderr): string {
  const color = selectColors(io, to);
  const begun = attempts[0]?.startedAt ?? 0;
  const rows = attempts.map((attempt, i) => [
    String(i + 1),
    foreignText(to, formatTarget(attempt.target)),
    `+${formatDuration(attempt.startedAt - begun)}`,
    attempt.endedAt === undefined ? "" : formatDuration(attempt.endedAt - attempt.startedAt),
    attempt.firstContentMs === undefined ? "" : formatDuration(attempt.firstContentMs),
    attempt.usage === undefined ? "" : `${attempt.usage.inputTokens}+${attempt.usage.outputTokens}`,
    formatOutcome(attempt, color, to),
  ]);
  return formatTable(
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
    measureWidth(to),
  );
}

function formatOutcome(attempt: Attempt, color: Colors, to: NodeJS.WritableStream): string {
  const message = foreignText(to, attempt.message ?? "");
  switch (attempt.outcome) {
    case "success":
      return color.green("answered");
    case "error":
      return color.red(`${attempt.code ?? "error"} ${message}`);
    case "skipped":
      return color.yellow(`skipped: ${message}`);
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

/** Formats an error; of one after several attempts the last one's message, and a table of them all. `to` is the stream that it is written to. */
export function formatError(io: Io, error: AiLibError, to = io.stderr): string {
  const color = selectColors(io, to);
  const head = `${color.red(error.errorCodeWithSeverity())} ${foreignText(to, messageOf(error))}${keyHint(io, error)}`;
  const wrapped = wrapText(head, measureWidth(to));
  return error.attempts.length > 1 ? `${wrapped}\n${formatAttempts(io, error.attempts, to)}` : wrapped;
}

/** Codes of errors that the key may explain. */
const ABOUT_KEYS: ReadonlySet<string> = new Set(["AUTH_FAILED", "PERMISSION_DENIED", "QUOTA_EXHAUSTED"]);

function keyHint(io: Io, { code, target }: AiLibError): string {
  if (!ABOUT_KEYS.has(code) || target?.key === undefined || !/^[A-Z][A-Z0-9_]*$/.test(target.key)) return "";
  return `\n  key: ${describeKey(io, target.key)}\n  replace it with: ai-lib keys set ${target.provider}`;
}

/** The message of an error lists its attempts; a table does so better. */
function messageOf({ attempts, message }: AiLibError): string {
  const made = attempts.filter(({ outcome }) => outcome === "error");
  const last = made.at(-1)?.message;
  return made.length < 2 || last === undefined
    ? message
    : `${made.length} attempts failed; the last: ${last}`;
}
