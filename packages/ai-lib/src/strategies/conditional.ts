import type { Call } from "../core/contract/call.js";
import { configError } from "../core/errors/error.js";
import type { Entry, Member, MemberOptions } from "./member.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Whether a member is for a call. It must decide at once, and not change the call. */
export type Condition = (call: Call) => boolean;

/** A member of {@link conditional}; one without a condition takes every call. */
export type ConditionalMember = Member | (MemberOptions & { readonly when: Condition });

/**
 * Asks the members whose condition holds, in their order, and no others: the first is the one meant, those after it
 * are asked if an error moves on. End the list with a member that has no condition, or calls for which none holds
 * fail with `UNSUPPORTED_FEATURE`.
 */
export class ConditionalProvider extends Strategy {
  private readonly conditions: readonly (Condition | undefined)[];

  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a condition that is no function, or an unknown option. */
  constructor(members: readonly ConditionalMember[], options: StrategyOptions = {}) {
    const conditions = Array.isArray(members) ? members.map(conditionOf) : [];
    super("conditional", ",", Array.isArray(members) ? members.map(withoutCondition) : members, options);
    this.conditions = conditions;
  }

  protected order(_call: Call, members: readonly Entry[]): readonly Entry[] {
    return members;
  }

  protected override candidates(call: Call): readonly Entry[] {
    return this.entries.filter(({ index }) => this.conditions[index]?.(call) ?? true);
  }
}

function conditionOf(member: ConditionalMember, index: number): Condition | undefined {
  if (typeof member !== "object" || member === null || !("when" in member)) return undefined;
  if (typeof member.when !== "function")
    throw configError(`The condition of member ${index} of conditional must be a function of the call`);
  return member.when;
}

function withoutCondition(member: ConditionalMember): Member {
  if (typeof member !== "object" || member === null || !("when" in member)) return member;
  const { when: _when, ...rest } = member;
  return rest;
}

/** @see ConditionalProvider */
export function conditional(
  members: readonly ConditionalMember[],
  options?: StrategyOptions,
): ConditionalProvider {
  return new ConditionalProvider(members, options);
}
