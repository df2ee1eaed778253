import type { Call } from "../contract/call.js";
import { factsFor, modelOf } from "../contract/call-facts.js";
import { deferredFlow } from "../contract/deferred-flow.js";
import { valueOr } from "../contract/guard.js";
import { type Flow, failLater, type Sink } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import type { KindLaws } from "../kinds/laws.js";
import type { Kind, RequestOf } from "../values/kinds.js";
import { AttemptRun } from "./attempt.js";
import type { LeafFacts } from "./attempt-record.js";
import { failuresOfLeaf, lastFailureOf, refusalOf } from "./repeat-guard.js";
import { skipAttempt } from "./skip-attempt.js";

/**
 * Runs one attempt: spends the budget, keeps the record, owns the timeouts of first content, idleness and the
 * attempt, folds what comes, and ends once. Every leaf goes through here, users' own included.
 * @param start begins the leaf's work and returns its handle; what it throws is the attempt's error.
 */
export function openAttempt<K extends Kind>(
  leaf: LeafFacts,
  call: Call<K>,
  sink: Sink<K>,
  start: (run: AttemptRun<K>) => Flow,
): Flow {
  const asked = call as Call;
  const { budget } = asked.context;
  if (budget.left <= 0) {
    return failLater(
      sink,
      lastFailureOf(asked)?.error ??
        new AiLibError({
          code: "CONFIG_ERROR",
          message: "maxAttempts allows no attempt; raise it",
          local: true,
        }),
    );
  }
  const failures = failuresOfLeaf(leaf.provider, asked);
  const refusal = refusalOf(failures, asked);
  if (refusal !== undefined) {
    skipAttempt(asked, leaf.target, `it is not asked again after ${refusal.code}`);
    return failLater(sink, refusal.local ? refusal : refusal.with({ local: true }));
  }
  if (asked.continues !== undefined && factsFor(leaf.provider, asked)?.prefill !== true) {
    const message = "its model is not known to go on from a text that has begun";
    skipAttempt(asked, leaf.target, message);
    const { target } = leaf;
    return failLater(sink, new AiLibError({ code: "UNSUPPORTED_FEATURE", message, target, local: true }));
  }
  const refused = refusedBefore(leaf, asked);
  if (refused !== undefined) return failLater(sink, refused);
  budget.left--;
  if (failures.length > 0) budget.repeats--;
  const run = new AttemptRun<K>(leaf, asked, sink);
  const loading = (call.laws as unknown as KindLaws<K>).load?.(call.request as RequestOf<K>, call.mode);
  run.begin(loading === undefined ? start : startLater(loading, start));
  return run;
}

/** Begins the work of a leaf once code is loaded. */
function startLater<K extends Kind>(
  loading: Promise<void>,
  start: (run: AttemptRun<K>) => Flow,
): (run: AttemptRun<K>) => Flow {
  return (run) =>
    deferredFlow(
      loading,
      () => start(run),
      (error) => run.fail(AiLibError.from(error)),
    );
}

/** Asks the call's `beforeAttempt`. @returns why the attempt is not made; the attempt log has it */
function refusedBefore({ target, provider }: LeafFacts, call: Call): AiLibError | undefined {
  const { beforeAttempt } = call.context;
  if (beforeAttempt === undefined) return undefined;
  const model = modelOf(call) ?? target.model;
  const asked = model === target.model ? target : { ...target, ...(model !== undefined && { model }) };
  const facts = () => valueOr(undefined, () => provider.facts?.(model));
  let error: AiLibError | undefined;
  try {
    error = beforeAttempt({ target: asked, call, facts });
  } catch (thrown) {
    error = AiLibError.from(thrown, "CONFIG_ERROR");
  }
  if (error === undefined) return undefined;
  skipAttempt(call, asked, error.message);
  return error.with({ target: asked, local: true });
}
