import { type Budget, type Call, REPEATS_PER_TARGET } from "../contract/call.js";
import { isSameRequest, modelOf } from "../contract/call-facts.js";
import type { ChatProvider } from "../contract/provider.js";
import type { AiLibError } from "../errors/error.js";
import { reactionTo } from "../errors/reactions.js";
import type { Target } from "../values/target.js";

/** A leaf that failed in this request, and how. */
export interface TargetFailure {
  /** The leaf itself: two of them may have the same target. */
  readonly provider: ChatProvider;
  readonly target: Target;
  /** What it was asked. */
  readonly call: Call;
  readonly error: AiLibError;
  /** Milliseconds that the attempt took. */
  readonly tookMs: number;
}

/** The failures of each request. Layers share them by the request's budget, and callers cannot see them. */
const failures = new WeakMap<Budget, TargetFailure[]>();

/** A layer that deferred its repeat, since another member had not been asked. */
export interface Deferral {
  /** The layer, such as a retry wrapper. */
  readonly provider: ChatProvider;
  readonly call: Call;
  readonly failure: AiLibError;
  /** How often it has repeated already. */
  readonly repeats: number;
}

const NONE: readonly TargetFailure[] = [];

/** The deferred repeats of each request. */
const deferrals = new WeakMap<Budget, Deferral[]>();

/** Records that a layer deferred its repeat, so that it is asked again after all other members have failed. */
export function deferRepeat(deferral: Deferral): void {
  const { budget } = deferral.call.context;
  const known = deferrals.get(budget);
  if (known === undefined) deferrals.set(budget, [deferral]);
  else known.push(deferral);
}

/** The layer within a provider whose deferred repeat of this request is due first; undefined if there is none. */
export function deferralWithin(
  provider: ChatProvider,
  call: Call,
  except?: ReadonlySet<Deferral>,
): Deferral | undefined {
  let soonest: Deferral | undefined;
  for (const deferral of deferrals.get(call.context.budget) ?? []) {
    if (except?.has(deferral) === true || !isSameRequest(deferral.call, call)) continue;
    if (!isWithin(deferral.provider, provider)) continue;
    if (soonest === undefined || dueOf(deferral) < dueOf(soonest)) soonest = deferral;
  }
  return soonest;
}

/** When a deferred repeat may be made, in epoch milliseconds; 0 where its failure named no time. */
export function dueOf({ failure }: Deferral): number {
  return failure.retryAt ?? 0;
}

/** Takes what a layer deferred in this request; undefined where it deferred nothing. */
export function takeDeferral(provider: ChatProvider, call: Call): Deferral | undefined {
  const known = deferrals.get(call.context.budget);
  const index =
    known?.findIndex(
      (deferral) =>
        deferral.provider === provider &&
        modelOf(deferral.call) === modelOf(call) &&
        isSameRequest(deferral.call, call),
    ) ?? -1;
  return index < 0 ? undefined : known?.splice(index, 1)[0];
}

function isWithin(provider: ChatProvider, outer: ChatProvider): boolean {
  return provider === outer || (outer.members ?? []).some((member) => isWithin(provider, member));
}

/** Records that a leaf failed. */
export function recordFailure(failure: TargetFailure): void {
  const { budget } = failure.call.context;
  const known = failures.get(budget);
  if (known === undefined) failures.set(budget, [failure]);
  else known.push(failure);
}

/** The last failure of any leaf in this request. */
export function lastFailureOf(call: Call): TargetFailure | undefined {
  return failures.get(call.context.budget)?.at(-1);
}

/**
 * The failures of this request, in any layer, that still concern a call with the same request: not those whose
 * `retryAt` has passed, nor those of a changed request (a layer may have shortened it).
 */
export function failuresOfRequest(call: Call): readonly TargetFailure[] {
  const { budget, clock } = call.context;
  const known = failures.get(budget);
  if (known === undefined) return NONE;
  const now = clock.now();
  return known.filter(
    ({ call: asked, error }) =>
      error.code !== "CANCELLED" &&
      isSameRequest(asked, call) &&
      (error.retryAt === undefined || now < error.retryAt),
  );
}

/** The failures of a leaf with the same request. */
export function failuresOfLeaf(provider: ChatProvider, call: Call): readonly TargetFailure[] {
  const known = failures.get(call.context.budget);
  if (known === undefined) return NONE;
  return known.filter(
    (failure) =>
      failure.provider === provider &&
      failure.error.code !== "CANCELLED" &&
      modelOf(failure.call) === modelOf(call) &&
      isSameRequest(failure.call, call),
  );
}

/**
 * The error that forbids another attempt with the same request at a leaf, by the column "same target again". Nested
 * layers each see only a part of the failures, so this check is made for all of them.
 * @param own what {@link failuresOfLeaf} found
 */
export function refusalOf(own: readonly TargetFailure[], call: Call): AiLibError | undefined {
  const { budget, clock } = call.context;
  const error = own.at(-1)?.error;
  if (error === undefined) return undefined;
  if (budget.repeats <= 0 || own.length > (call.repeatsPerTarget ?? REPEATS_PER_TARGET)) return error;
  const early = error.retryAt !== undefined && clock.now() < error.retryAt;
  const { sameTarget } = reactionTo(error);
  switch (sameTarget) {
    case "backoff":
      return early ? error : undefined;
    case "once":
      return early || own.filter((failure) => reactionTo(failure.error).sameTarget === "once").length > 1
        ? error
        : undefined;
    case "retry-at":
      return early ? error : undefined;
    case "never":
      return error;
    default: {
      const never: never = sameTarget;
      throw new TypeError(`Unknown reaction ${String(never)}`);
    }
  }
}
