import type { Call } from "../contract/call.js";
import type { ChatProvider, Target } from "../contract/provider.js";
import type { AiLibError } from "../errors/error.js";
import { reactionTo } from "../errors/reactions.js";
import { isSameRequest, modelOf } from "../kinds/chat/needs.js";

/** A leaf that failed in this request, and how. */
export interface TargetFailure {
  /** The leaf itself: two of them may have the same target. */
  readonly provider: ChatProvider;
  readonly target: Target;
  /** What it was asked. */
  readonly call: Call;
  readonly error: AiLibError;
}

/**
 * The failures of this request, by whichever layer, that still say something about a call which asks the same: not
 * those whose time to come back has passed, nor those of another question (a layer may have shortened it).
 */
export function failuresOfRequest(call: Call): readonly TargetFailure[] {
  const { budget, clock } = call.context;
  if (budget.failures === undefined) return [];
  const now = clock.now();
  return budget.failures.filter(
    ({ call: asked, error }) =>
      isSameRequest(asked, call) && (error.retryAt === undefined || now < error.retryAt),
  );
}

/**
 * The error by which a leaf may not be asked the same again within one request, by the column "same target again":
 * nested layers each see a part of what happened, so what none of them may do is kept from happening here.
 */
export function refusalOf(provider: ChatProvider, call: Call): AiLibError | undefined {
  const { budget, clock } = call.context;
  if (budget.failures === undefined) return undefined;
  const own = budget.failures.filter(
    (failure) =>
      failure.provider === provider &&
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
