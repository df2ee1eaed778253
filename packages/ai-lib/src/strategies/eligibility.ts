import type { Call } from "../core/contract/call.js";
import { estimate, factsFor, modelOf } from "../core/contract/call-facts.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { AiLibError } from "../core/errors/error.js";
import { reactionTo } from "../core/errors/reactions.js";
import type { Target } from "../core/values/target.js";

/** Errors after which a strategy asks another provider only if you enable it. */
export interface FailoverOn {
  /** Asks the next member when a content filter refused the request or the answer. Default false. */
  readonly contentFiltered?: boolean | undefined;
  /**
   * Asks the next member when a member rejects the request as invalid. Use it for members that accept different
   * requests, such as an assistant message at the end. Default false.
   */
  readonly invalidRequest?: boolean | undefined;
}

/** Names of {@link FailoverOn}. */
export const FAILOVER_ON_NAMES: ReadonlySet<string> = new Set(["contentFiltered", "invalidRequest"]);

/** A member that may be asked, and the call with its model. */
export interface Candidate {
  readonly provider: ChatProvider;
  readonly call: Call;
  /** The member has a name of its own for the request's model. */
  readonly maps: boolean;
}

/** A failed call of a member. */
export interface Failure {
  /** The member, or the provider within it. */
  readonly provider: ChatProvider;
  readonly call: Call;
  readonly error: AiLibError;
}

/**
 * Why a failure within another layer of the same request rules a member out: what failed about a key, an account, a
 * model or a context window fails in every layer. Whether any other member may be asked is decided by the layer that
 * received the error, so failures that forbid it rule out nothing here.
 */
export function reasonToSkipAfterNested(failure: Failure, to: Candidate, on: FailoverOn): string | undefined {
  const { otherProvider } = reactionTo(failure.error);
  if (otherProvider === "no" || otherProvider === "opt-in") return undefined;
  return reasonToSkip(failure, to, on);
}

/** Whether any other member may be asked after an error. */
export function mayFailOver(error: AiLibError, on: FailoverOn): boolean {
  const { otherKey, otherProvider } = reactionTo(error);
  return otherKey !== "no" || (otherProvider === "opt-in" ? isOptedIn(error, on) : otherProvider !== "no");
}

/**
 * Why a member may not be asked after a failure, as a phrase for the attempt log; undefined where it may. The only
 * reader of the columns "another key" and "another provider" of the error table:
 *
 * - a member of the same provider that differs only in its key or account is "another key";
 * - any other member is "another provider", including another model or region of the same one; but after an error
 *   about a key, an account or a region, a member that shares it is not asked;
 * - a composition may be asked if one of its targets may.
 */
export function reasonToSkip(failure: Failure, to: Candidate, on: FailoverOn): string | undefined {
  const leaves = targetsOf(to.provider);
  let last: string | undefined;
  for (const leaf of leaves) {
    last = reasonAgainst(failure, leaf, to, on);
    if (last === undefined) return undefined;
  }
  return last;
}

function reasonAgainst(
  failure: Failure,
  leaf: Target | undefined,
  to: Candidate,
  on: FailoverOn,
): string | undefined {
  const { error } = failure;
  const { otherKey, otherProvider } = reactionTo(error);
  const from = error.target ?? failure.provider.target;
  if (from !== undefined && leaf !== undefined && from.provider === leaf.provider) {
    if (!error.local && sharesScope(error, from, leaf)) return `it has the same ${error.scope}`;
    if (isOtherKey(from, { ...leaf, ...requestedModel(to, leaf) })) {
      if (otherKey === "yes") return undefined;
      if (otherKey === "by-scope" && (error.scope === "key" || differ(from.account, leaf.account)))
        return undefined;
      return `another key does not help after ${error.code}`;
    }
  }
  switch (otherProvider) {
    case "yes":
      return undefined;
    case "no":
      return `no other provider is asked after ${error.code}`;
    case "opt-in":
      return isOptedIn(error, on)
        ? undefined
        : `no other provider is asked after ${error.code} unless failoverOn allows it`;
    case "mapped":
      return asksForAnother(failure, to) ? undefined : "it would be asked for the same model";
    case "larger":
      return isLarger(failure, to) ? undefined : "its context window is not known to be larger";
    default: {
      const never: never = otherProvider;
      throw new TypeError(`Unknown reaction ${String(never)}`);
    }
  }
}

function isOptedIn(error: AiLibError, on: FailoverOn): boolean {
  if (error.code === "CONTENT_FILTERED") return on.contentFiltered ?? false;
  if (error.code === "INVALID_REQUEST") return on.invalidRequest ?? false;
  return false;
}

/** Whether a member is known to share the key, account or region that an error is about. */
function sharesScope(error: AiLibError, from: Target, to: Target): boolean {
  const sameKey = from.key !== undefined && from.key === to.key;
  switch (error.scope) {
    case "key":
      return sameKey;
    case "account":
      return sameKey || (from.account !== undefined && from.account === to.account);
    case "region":
      return from.region !== undefined && from.region === to.region;
    case "request":
    case "model":
    case "provider":
      return false;
    default: {
      const never: never = error.scope;
      throw new TypeError(`Unknown scope ${String(never)}`);
    }
  }
}

function isOtherKey(from: Target, to: Target): boolean {
  if (differ(from.region, to.region) || differ(from.model, to.model)) return false;
  return differ(from.key, to.key) || differ(from.account, to.account);
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function requestedModel(to: Candidate, leaf: Target): { model?: string } {
  const model = modelOf(to.call) ?? leaf.model;
  return model === undefined ? {} : { model };
}

/** Whether a member is asked for another model than the failed member was, or has its own name for the model. */
function asksForAnother(failure: Failure, to: Candidate): boolean {
  const asked = modelOf(to.call);
  if (to.maps || asked === undefined || asked !== modelOf(failure.call)) return true;
  return mapsModel(to.provider, asked);
}

/** Whether a member, or one nested within it, has its own name for a model. */
function mapsModel(provider: ChatProvider, model: string): boolean {
  const { maps } = provider as { maps?: unknown };
  if (typeof maps === "function" && maps.call(provider, model) === true) return true;
  return provider.members?.some((member) => mapsModel(member, model)) ?? false;
}

/**
 * Whether a member's context window is larger than that of the failed member. Where the latter is unknown, the prompt
 * was too long for it, so a window that the prompt fits into is larger.
 */
function isLarger(failure: Failure, to: Candidate): boolean {
  const window = factsFor(to.provider, to.call)?.contextWindow;
  if (window === undefined) return false;
  const failed = factsFor(failure.provider, failure.call)?.contextWindow;
  return window > (failed ?? estimate(failure.call).inputTokens);
}

/** The targets that a member represents; an unknown one is undefined. */
function targetsOf(provider: ChatProvider): readonly (Target | undefined)[] {
  if (provider.target !== undefined) return [provider.target];
  const members = provider.members ?? [];
  return members.length === 0 ? [undefined] : members.flatMap(targetsOf);
}
