import { reactionTo } from "../../core/errors/reactions.js";
import type { Attempt } from "../../core/values/attempt.js";
import type { Record } from "./probe.js";
import type { Topology } from "./topology.js";
import type { Upstream, UpstreamAttempt } from "./upstream.js";

/** Milliseconds by which an ending may come late: one tick of the clock. */
const TICK_MS = 1;

/** The limit of a stream that has begun, in milliseconds. */
export const LONGEST_STREAM_MS = 30_000;

/** What one request did against the rules, in words. */
export function violationsOf(
  record: Record,
  upstream: Upstream,
  topology: Topology,
  attempts: readonly Attempt[],
): string[] {
  const found = [...record.faults];
  const { number, response, error } = record;
  // A stack that was stopped is silent; the caller's own ending is then CallRun's.
  if (record.endings !== (record.aborted ? 0 : 1)) found.push(`${record.endings} endings`);
  if (record.starts > 1) found.push(`${record.starts} starts`);
  if (record.restarts > 0 && record.midStream !== "restart") found.push("a restart that nobody asked for");
  const asked = upstream.log.filter((attempt) => attempt.request === number);
  if (record.maxAttempts !== undefined && asked.length > record.maxAttempts)
    found.push(`${asked.length} attempts, at most ${record.maxAttempts} allowed`);
  const repeats = repeatsIn(attempts).length;
  if (repeats > record.maxRepeats) found.push(`${repeats} repeats, at most ${record.maxRepeats} allowed`);
  // The deadline bounds trying and waiting; an answer that has begun has a limit of its own.
  const bound =
    record.firstContentAt === undefined ? record.deadline : record.firstContentAt + LONGEST_STREAM_MS;
  if (record.endedAt !== undefined && record.endedAt > bound + TICK_MS)
    found.push(`ended ${record.endedAt - bound} ms past its deadline`);
  found.push(...starved(record, asked, attempts, topology), ...repeatedEarly(attempts, topology));
  for (const one of asked) {
    const whole = one.plan.lingers === true && one.plan.noTerminator !== true;
    if (whole && outcomeOf(attempts, one)?.code === "TIMEOUT")
      found.push(`a whole answer of ${one.endpoint} was thrown away`);
    if (one.startedAt > bound + TICK_MS) found.push("an attempt past the deadline");
    for (const other of asked)
      if (
        other.endpoint === one.endpoint &&
        one.retryAt !== undefined &&
        other.startedAt > one.startedAt &&
        other.startedAt < one.retryAt
      )
        if (told(attempts, one))
          found.push(
            `${one.endpoint} was asked again ${one.retryAt - other.startedAt} ms before its retryAt`,
          );
  }
  if (response !== undefined) found.push(...wrongText(record, response.text, upstream));
  else if (record.text !== "") found.push(...wrongPrefix(record, upstream));
  if (error !== undefined && response !== undefined) found.push("both a response and an error");
  found.push(...forbidden(record, attempts, topology));
  return found.map((what) => `request ${number}: ${what}`);
}

/** Whether an attempt leaves the choice of the next member to the strategies alone. */
function movesOn({ code }: Attempt): boolean {
  return code === undefined || reactionTo({ code }).otherProvider === "yes";
}

/** No target is asked again while a member that is asked later could have been asked first. */
function repeatedEarly(attempts: readonly Attempt[], topology: Topology): string[] {
  // A group that a hedge called off starts again.
  if (!attempts.every(movesOn) || hedging(topology)) return [];
  const first = repeatsIn(attempts)[0];
  if (first === undefined) return [];
  const known = new Set(
    attempts.filter(({ startedAt }) => startedAt <= first.startedAt).map(({ target }) => target.key),
  );
  // A splice whose answers part ends its group, and a layer around it starts again.
  if (attempts.some(({ outcome, startedAt }) => outcome === "cancelled" && startedAt <= first.startedAt))
    return [];
  const late = attempts.find(
    ({ target: { key }, outcome }) =>
      outcome !== "skipped" &&
      key !== undefined &&
      topology.endpoints.includes(key) &&
      !known.has(key) &&
      !topology.gated.has(key),
  );
  return late === undefined
    ? []
    : [`${first.target.key} was asked again before ${late.target.key} was asked at all`];
}

/** Attempts at targets that had failed before in this call. */
function repeatsIn(attempts: readonly Attempt[]): readonly Attempt[] {
  const made = attempts.filter(({ outcome }) => outcome !== "skipped");
  return made.filter(({ target, startedAt }, i) =>
    made
      .slice(0, i)
      .some(
        (before) =>
          before.target.key === target.key &&
          before.outcome === "error" &&
          before.endedAt !== undefined &&
          before.endedAt <= startedAt,
      ),
  );
}

/** A call must not fail while a member that could have answered was never asked, and none is asked again before. */
function starved(
  record: Record,
  asked: readonly UpstreamAttempt[],
  attempts: readonly Attempt[],
  topology: Topology,
): string[] {
  const { error } = record;
  if (error === undefined || record.maxAttempts !== undefined || record.left || error.committed) return [];
  if (reactionTo(error).otherProvider !== "yes" || (error.code === "TIMEOUT" && error.phase === "total"))
    return [];
  if (!attempts.every(movesOn)) return [];
  const known = new Set<string | undefined>(asked.map(({ endpoint }) => endpoint));
  for (const { target } of attempts) known.add(target.key);
  const never = topology.endpoints.filter(
    (endpoint) => !known.has(endpoint) && !topology.gated.has(endpoint),
  );
  return never.length === 0
    ? []
    : [`failed with ${error.code} (${error.message.slice(0, 80)}) while ${never.join(", ")} was never asked`];
}

/** The attempt of the client's log that an upstream saw. */
function outcomeOf(attempts: readonly Attempt[], asked: UpstreamAttempt): Attempt | undefined {
  return attempts.find(
    ({ target, startedAt }) => target.key === asked.endpoint && startedAt === asked.startedAt,
  );
}

/** Whether the client got to see the time that an endpoint named: an attempt that was called off before did not. */
function told(attempts: readonly Attempt[], asked: UpstreamAttempt): boolean {
  return attempts.some(
    ({ target, outcome, startedAt }) =>
      target.key === asked.endpoint && outcome === "error" && startedAt === asked.startedAt,
  );
}

/** A success must be one real answer, whole; and its deltas must add up to it. */
function wrongText(record: Record, text: string, upstream: Upstream): string[] {
  const found: string[] = [];
  const answers = answersTo(record.number, upstream);
  if (!answers.includes(text)) found.push(`the text is no whole answer: ${JSON.stringify(text)}`);
  if (record.mode === "stream" && record.text !== text)
    found.push(
      `the deltas add up to ${JSON.stringify(record.text)}, the response is ${JSON.stringify(text)}`,
    );
  return found;
}

/** A failure may have sent the beginning of a real answer and nothing else. */
function wrongPrefix(record: Record, upstream: Upstream): string[] {
  const answers = answersTo(record.number, upstream);
  return answers.some((answer) => answer.startsWith(record.text))
    ? []
    : [`what was delivered begins no answer: ${JSON.stringify(record.text)}`];
}

function answersTo(number: number, upstream: Upstream): string[] {
  return [...upstream.answers].filter(([key]) => key.startsWith(`${number}@`)).map(([, text]) => text);
}

/** Attempts that the error table forbids after those before them. */
function forbidden(record: Record, attempts: readonly Attempt[], topology: Topology): string[] {
  const found: string[] = [];
  const made = attempts.filter(({ outcome }) => outcome !== "skipped");
  const overloads = new Map<string, number>();
  for (const [i, one] of made.entries()) {
    if (one.outcome !== "error" || one.code === undefined || one.endedAt === undefined) continue;
    const { endedAt } = one;
    const reaction = reactionTo({ code: one.code });
    const later = made.slice(i + 1).filter((other) => other.startedAt >= endedAt);
    const again = later.filter((other) => other.target.key === one.target.key);
    if (reaction.sameTarget === "never" && again.length > 0)
      found.push(`${one.target.key} was asked again after ${one.code}`);
    if (reaction.sameTarget === "once") {
      const count = (overloads.get(one.target.key ?? "") ?? 0) + 1;
      overloads.set(one.target.key ?? "", count);
      if (count > 2) found.push(`${one.target.key} was asked a third time after ${one.code}`);
    }
    const nobody =
      reaction.otherProvider === "no" || (reaction.otherProvider === "opt-in" && !topology.optedIn);
    // Of the same instant it is unknown which came first: a hedge may have begun with it.
    const strictly = later.filter((other) => other.startedAt > endedAt);
    if (nobody && strictly.length > 0 && !hedging(topology))
      found.push(`somebody was asked after ${one.code}`);
  }
  const committed = record.firstContentAt;
  if (record.mode === "stream" && record.midStream === "fail" && committed !== undefined)
    if (made.some((attempt) => attempt.startedAt > committed))
      found.push("an attempt after content had been delivered");
  return found;
}

/** A hedge that is due may start beside an error that ends the other. */
function hedging(topology: Topology): boolean {
  return topology.layers.includes("hedged");
}
