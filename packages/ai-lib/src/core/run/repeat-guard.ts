import type { Budget, Call } from "../contract/call.js";
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
}

/** The failures of each request. Layers share them by the request's budget, and callers cannot see them. */
const failures = new WeakMap<Budget, TargetFailure[]>();

/** Records that a leaf failed. */
export function recordFailure(failure: TargetFailure): void {
  const { budget } = failure.call.context;
  const known = failures.get(budget);
  if (known === undefined) failures.set(budget, [failure]);
  else known.push(failure);
}

/** The last error of any leaf in this request. */
export function lastFailureOf(call: Call): AiLibError | undefined {
  return failures.get(call.context.budget)?.at(-1)?.error;
}

/**
 * The failures of this request, by whichever layer, that still say something about a call which asks the same: not
 * those whose time to come back has passed, nor those of another question (a layer may have shortened it).
 */
export function failuresOfRequest(call: Call): readonly TargetFailure[] {
  const { budget, clock } = call.context;
  const now = clock.now();
  return (failures.get(budget) ?? []).filter(
    ({ call: asked, error }) =>
      error.code !== "CANCELLED" &&
      isSameRequest(asked, call) &&
      (error.retryAt === undefined || now < error.retryAt),
  );
}

/**
 * The error by which a leaf may not be asked the same again within one request, by the column "same target again":
 * nested layers each see a part of what happened, so what none of them may do is kept from happening here.
 */
export function refusalOf(provider: ChatProvider, call: Call): AiLibError | undefined {
  const { budget, clock } = call.context;
  const own = (failures.get(budget) ?? []).filter(
    (failure) =>
      failure.provider === provider &&
      failure.error.code !== "CANCELLED" &&
      modelOf(failure.call) === modelOf(call) &&
      isSameRequest(failure.call, call),
  );
  const error = own.at(-1)?.error;
  if (error === undefined) return undefined;
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
      return early || error.retryAt === undefined ? error : undefined;
    case "never":
      return error;
    default: {
      const never: never = sameTarget;
      throw new TypeError(`Unknown reaction ${String(never)}`);
    }
  }
}
