import type { Call } from "../core/contract/call.js";
import { estimate, factsFor, modelOf } from "../core/contract/call-facts.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { AiLibError } from "../core/errors/error.js";
import { reactionTo } from "../core/errors/reactions.js";
import type { Target } from "../core/values/target.js";

/** Errors after which another provider is asked only where a strategy was told to. */
export interface FailoverOn {
  /** Ask the next member when one's filter refused the request or its answer. Default false. */
  readonly contentFiltered?: boolean | undefined;
  /**
   * Ask the next member when one called the request invalid: for members that differ in what they accept, such as
   * an assistant message at the end. Default false.
   */
  readonly invalidRequest?: boolean | undefined;
}

/** Names of {@link FailoverOn}. */
export const FAILOVER_ON_NAMES: ReadonlySet<string> = new Set(["contentFiltered", "invalidRequest"]);

/** A member and the call as it gets it. */
export interface Candidate {
  readonly provider: ChatProvider;
  readonly call: Call;
  /** It has its own name for the request's model. */
  readonly maps: boolean;
}

/** A member that failed, and how. */
export interface Failure {
  /** The member, or the leaf within it. */
  readonly provider: ChatProvider;
  readonly call: Call;
  readonly error: AiLibError;
}

/**
 * Why a leaf's failure within some nested layer speaks against a member, although that layer's own last error does
 * not: what is known of keys, accounts, models and windows holds for the whole request. Whether anybody else may be
 * asked at all is decided by whoever saw the error.
 */
export function reasonToSkipAfterNested(failure: Failure, to: Candidate, on: FailoverOn): string | undefined {
  const { otherProvider } = reactionTo(failure.error);
  if (otherProvider === "no" || otherProvider === "opt-in") return undefined;
  return reasonToSkip(failure, to, on);
}

/** Whether an error may move to any other member at all. */
export function mayFailOver(error: AiLibError, on: FailoverOn): boolean {
  const { otherKey, otherProvider } = reactionTo(error);
  if (error.code === "CANCELLED") return false;
  return otherKey !== "no" || (otherProvider === "opt-in" ? optedIn(error, on) : otherProvider !== "no");
}

/**
 * Why an error of one member may not move to another, in words for the trail; undefined where it may. The one
 * place where the columns "another key" and "another provider" of the error table are read:
 *
 * - a member of the same provider that differs only in its key (or account) is "another key";
 * - any other member is "another provider", a second model or region of the same one included, except that an
 *   error about a key, an account or a region never moves to a member that shares it;
 * - a composition is asked if one of its leaves may be.
 */
export function reasonToSkip(failure: Failure, to: Candidate, on: FailoverOn): string | undefined {
  const leaves = leavesOf(to.provider);
  let last: string | undefined;
  for (const leaf of leaves) {
    last = objectionTo(failure, leaf, to, on);
    if (last === undefined) return undefined;
  }
  return last;
}

function objectionTo(
  failure: Failure,
  leaf: Target | undefined,
  to: Candidate,
  on: FailoverOn,
): string | undefined {
  const { error } = failure;
  const { otherKey, otherProvider } = reactionTo(error);
  const from = error.target ?? failure.provider.target;
  if (from !== undefined && leaf !== undefined && from.provider === leaf.provider) {
    if (!error.local && shares(error, from, leaf)) return `it has the same ${error.scope}`;
    if (isOtherKey(from, { ...leaf, ...modelAsked(to, leaf) })) {
      if (otherKey === "yes") return undefined;
      if (otherKey === "by-scope" && (error.scope === "key" || differ(from.account, leaf.account)))
        return undefined;
      return `another key does not mend ${error.code}`;
    }
  }
  switch (otherProvider) {
    case "yes":
      return undefined;
    case "no":
      return `nobody else is asked after ${error.code}`;
    case "opt-in":
      return optedIn(error, on) ? undefined : `nobody else is asked after ${error.code} unless opted into`;
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

function optedIn(error: AiLibError, on: FailoverOn): boolean {
  if (error.code === "CONTENT_FILTERED") return on.contentFiltered ?? false;
  if (error.code === "INVALID_REQUEST") return on.invalidRequest ?? false;
  return false;
}

/** Whether what the error is about is known to be the member's too. */
function shares(error: AiLibError, from: Target, to: Target): boolean {
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

function modelAsked(to: Candidate, leaf: Target): { model?: string } {
  const model = modelOf(to.call) ?? leaf.model;
  return model === undefined ? {} : { model };
}

/** Whether a member is asked for another model than the failed one was, or has its own name for it. */
function asksForAnother(failure: Failure, to: Candidate): boolean {
  const asked = modelOf(to.call);
  if (to.maps || asked === undefined || asked !== modelOf(failure.call)) return true;
  return mapsModel(to.provider, asked);
}

/** Whether a member, or one within it, has its own name for a model. */
function mapsModel(provider: ChatProvider, model: string): boolean {
  const { maps } = provider as { maps?: unknown };
  if (typeof maps === "function") return maps.call(provider, model) === true;
  return provider.members?.some((member) => mapsModel(member, model)) ?? false;
}

/**
 * Whether a member's context window is larger than the failed one's. Where that is unknown, the prompt was too
 * long for it, so a window that the prompt fits into is larger.
 */
function isLarger(failure: Failure, to: Candidate): boolean {
  const window = factsFor(to.provider, to.call)?.contextWindow;
  if (window === undefined) return false;
  const failed = factsFor(failure.provider, failure.call)?.contextWindow;
  return window > (failed ?? estimate(failure.call).inputTokens);
}

/** The leaves that a member stands for; one that is unknown is undefined. */
function leavesOf(provider: ChatProvider): readonly (Target | undefined)[] {
  if (provider.target !== undefined) return [provider.target];
  const members = provider.members ?? [];
  return members.length === 0 ? [undefined] : members.flatMap(leavesOf);
}
