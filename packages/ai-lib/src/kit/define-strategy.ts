import type { Call } from "../core/contract/call.js";
import { synchronous } from "../core/contract/guard.js";
import { AiLibError, configError } from "../core/errors/error.js";
import type { CallListener } from "../core/recovery/observed-provider.js";
import type { Composition } from "../core/run/compose.js";
import type { Entry, Member } from "../strategies/member.js";
import { Strategy, type StrategyOptions } from "../strategies/strategy.js";

/** A member as the rules of a strategy see it: its provider, weight, tags and the model that it is asked for. */
export type StrategyMember = Pick<
  Entry,
  "index" | "name" | "provider" | "weight" | "tags" | "target" | "callFor" | "modelFor"
>;

/** The rules of one strategy object. State that they keep belongs to this object alone. */
export interface StrategyRules {
  /**
   * The order in which members are asked for a call. A member that is left out is not asked. Synchronous; called once
   * for each call. `members` are those that can take the call, at least one.
   */
  order(call: Call, members: readonly StrategyMember[]): readonly StrategyMember[];
  /** Receives the calls of one member: for strategies that learn from them. Called once for each member. Default: none. */
  listen?(member: StrategyMember): CallListener;
  /**
   * Why a member is skipped for a call, as a phrase for the attempt log; undefined where it is asked. Called when the
   * member's turn comes. Default: no member is skipped.
   */
  reasonToSkip?(member: StrategyMember, call: Call): string | undefined;
}

/** What {@link defineStrategy} needs. `O` are the strategy's own options. */
export interface StrategyDefinition<O extends object> {
  /** The word in the names of its providers: `"canary"` makes `"canary[openai,groq]"`. */
  readonly kind: string;
  /** Names of its own options; any other is refused. Default: none. */
  readonly options?: readonly (keyof O & string)[];
  /**
   * Makes the rules of one strategy object from its members and its own options.
   * @throws {AiLibError} `CONFIG_ERROR`, by convention, for an option of a wrong value.
   */
  create(members: readonly StrategyMember[], options: O & StrategyOptions): StrategyRules;
}

/** Makes providers of one strategy. */
export type StrategyMaker<O extends object> = (
  members: readonly Member[],
  ...options: Record<string, never> extends O
    ? [options?: O & StrategyOptions]
    : [options: O & StrategyOptions]
) => Composition;

/**
 * Defines a strategy: a function that joins providers into one, as `failover` and `weighted` do. Your rules decide the
 * order of the members for each call. All else is done for every strategy: failover by the error table, the attempt
 * log, repeats, health, capabilities, streams and all kinds of calls.
 *
 * @example
 * const canary = defineStrategy<{ share: number }>({
 *   kind: "canary",
 *   options: ["share"],
 *   create: (_, { share }) => ({
 *     // The new member is last: the share that it gets asks it first.
 *     order: (call, members) => (call.context.random() < share ? [...members].reverse() : members),
 *   }),
 * });
 * const client = new AiClient(canary([provider("openai"), provider("groq")], { share: 0.05 }));
 * @throws {AiLibError} `CONFIG_ERROR` for a definition without `kind` or `create`; the function that it returns throws
 *   it for no members, a member twice, or an unknown option.
 */
export function defineStrategy<O extends object = Record<never, never>>(
  definition: StrategyDefinition<O>,
): StrategyMaker<O> {
  if (typeof definition?.kind !== "string" || definition.kind === "")
    throw configError("defineStrategy needs a `kind`: the strategy's word in names");
  if (typeof definition.create !== "function")
    throw configError(`defineStrategy needs a function \`create\` for "${definition.kind}"`);
  return (members, ...[options]) => new DefinedStrategy(definition, members, options ?? {});
}

class DefinedStrategy<O extends object> extends Strategy {
  private readonly rules: StrategyRules;

  constructor(definition: StrategyDefinition<O>, members: readonly Member[], options: object) {
    super(definition.kind, ",", members, options, definition.options ?? []);
    this.rules = definition.create(this.entries, options as O & StrategyOptions);
    const { rules } = this;
    if (typeof rules?.order !== "function")
      throw configError(`\`create\` of "${definition.kind}" must return an object with a function \`order\``);
    if (rules.listen !== undefined)
      this.observeMembers((entry) => (rules.listen as NonNullable<StrategyRules["listen"]>)(entry));
  }

  protected order(call: Call, members: readonly Entry[]): readonly Entry[] {
    const ordered = synchronous(this.rules.order(call, members), "`order` of a strategy");
    for (const [i, member] of ordered.entries()) {
      if (!members.includes(member as Entry) || ordered.indexOf(member) !== i)
        throw new AiLibError({
          code: "CONFIG_ERROR",
          message: `The order of ${this.name} names a member twice, or one that it was not given`,
          local: true,
        });
    }
    return ordered as readonly Entry[];
  }

  /** @internal */
  override reasonToSkip(entry: Entry, call: Call): string | undefined {
    return synchronous(this.rules.reasonToSkip?.(entry, call), "`reasonToSkip` of a strategy");
  }
}
