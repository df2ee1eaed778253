import type { Call } from "../core/contract/call.js";
import { synchronous } from "../core/contract/guard.js";
import { configError } from "../core/errors/error.js";
import type { Entry, Member, MemberOptions } from "./member.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Returns whether a member may take a call. It must be synchronous and must not change the call. */
export type Condition = (call: Call) => boolean;

/** A member of {@link conditional}. A member without a condition takes every call. */
export type ConditionalMember = Member | (MemberOptions & { readonly when: Condition });

/** See {@link conditional}. */
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
    return this.entries.filter(
      ({ index }) => synchronous(this.conditions[index]?.(call), "The condition of a member") ?? true,
    );
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

/**
 * Asks only the members whose condition is true, in their order. End the list with a member without a condition: if no
 * condition is true, the call fails with `UNSUPPORTED_FEATURE`.
 *
 * @example
 * const client = new AiClient(
 *   conditional([{ provider: provider("openai"), when: (call) => call.kind === "embed" }, provider("groq")]),
 * );
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a condition that is no function, or an unknown option.
 */
export function conditional(
  members: readonly ConditionalMember[],
  options?: StrategyOptions,
): ConditionalProvider {
  return new ConditionalProvider(members, options);
}
