import type { Call } from "../core/contract/call.js";
import { modelOf, withModel } from "../core/contract/call-facts.js";
import { synchronous } from "../core/contract/guard.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { isProvider } from "../core/contract/require-provider.js";
import { configError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import { targetOf } from "../core/run/member.js";
import type { Target } from "../core/values/target.js";

/**
 * The model to request from a member. A string: always this model. A table: the entry for the request's model, or the
 * request's model if there is no entry. A function: its result for the request's model (`undefined`: the member's
 * default). Default: the request's model, or the member's default if the request names no model.
 */
export type ModelChoice =
  | string
  | Readonly<Record<string, string>>
  | ((requested: string | undefined) => string | undefined);

/** The model that a choice returns for a requested one; undefined for the default of the member. */
export function chooseModel(choice: ModelChoice, requested: string | undefined): string | undefined {
  if (typeof choice === "string") return choice;
  if (typeof choice === "function") return synchronous(choice(requested), "The choice of a model");
  return requested !== undefined && Object.hasOwn(choice, requested) ? choice[requested] : requested;
}

/** A provider with its settings as a member. */
export interface MemberOptions {
  readonly provider: ChatProvider;
  /** Default: the request's model. */
  readonly model?: ModelChoice | undefined;
  /** Its share of the calls in strategies with weights. More than 0; default 1. */
  readonly weight?: number | undefined;
  /** Tags by which `tagged` selects the member. Default: none. */
  readonly tags?: readonly string[] | undefined;
}

/** A member of a strategy: a provider, or a provider with settings. */
export type Member = ChatProvider | MemberOptions;

const MEMBER_OPTIONS: ReadonlySet<string> = new Set(["provider", "model", "weight", "tags"]);

/** A member within a strategy. */
export class Entry {
  readonly name: string;

  constructor(
    /** Its position in the strategy's list of members. */
    readonly index: number,
    readonly provider: ChatProvider,
    readonly model: ModelChoice | undefined,
    readonly weight: number,
    readonly tags: readonly string[],
  ) {
    this.name = provider.name;
  }

  /** The target that the member represents; the member's name where it represents several. */
  get target(): Target {
    return targetOf(this.provider) ?? { provider: this.name };
  }

  /** The call with the member's own model. */
  callFor(call: Call): Call {
    if (this.model === undefined) return call;
    const requested = modelOf(call);
    const model = this.modelFor(requested);
    return model === requested ? call : withModel(call, model);
  }

  /** The model to ask this member for; undefined for its default. */
  modelFor(requested: string | undefined): string | undefined {
    return this.model === undefined ? requested : chooseModel(this.model, requested);
  }

  /** Whether the member has a name of its own for a model, so that it may have a model which another lacks. */
  maps(requested: string): boolean {
    const { model } = this;
    if (model === undefined) return false;
    if (typeof model === "object") return Object.hasOwn(model, requested);
    return typeof model === "string" || model(requested) !== undefined;
  }
}

/**
 * Checks the members of a strategy.
 * @throws {AiLibError} `CONFIG_ERROR` for no members, one that is no provider, a duplicate, an unknown option or a
 *   weight out of range.
 */
export function entriesOf(strategy: string, members: readonly Member[]): readonly Entry[] {
  if (!Array.isArray(members)) throw configError(`${strategy} takes an array of members`);
  if (members.length === 0) throw configError(`${strategy} needs at least one member`);
  const entries = members.map((member, index) => entryOf(strategy, member, index));
  for (const entry of entries) {
    const twin = entries.find(
      (other) =>
        other.index < entry.index && other.provider === entry.provider && sameModel(other.model, entry.model),
    );
    if (twin !== undefined)
      throw configError(
        `${strategy} has "${entry.name}" twice (members ${twin.index} and ${entry.index}); ` +
          "to ask one provider more than once wrap it in retry(), to prefer it give it a weight",
      );
  }
  return entries;
}

function sameModel(a: ModelChoice | undefined, b: ModelChoice | undefined): boolean {
  if (typeof a === "object" && typeof b === "object") return JSON.stringify(a) === JSON.stringify(b);
  return a === b;
}

function entryOf(strategy: string, member: Member, index: number): Entry {
  if (isProvider(member)) return new Entry(index, member, undefined, 1, []);
  const given: unknown = member;
  if (typeof given === "string")
    throw configError(
      `Member ${index} of ${strategy} is the text "${given}"; strategies take providers: provider("${given}")`,
    );
  if (typeof given !== "object" || given === null || !isProvider((given as MemberOptions).provider))
    throw configError(`Member ${index} of ${strategy} is no provider, nor { provider, model, weight, tags }`);
  const options = given as MemberOptions;
  refuseUnknown(`option of member ${index} of ${strategy}`, options, MEMBER_OPTIONS);
  const { model, weight = 1, tags = [] } = options;
  if (!(weight > 0 && weight < Number.POSITIVE_INFINITY))
    throw configError(`The weight of member ${index} of ${strategy} must be more than 0, not ${weight}`);
  if (model === "" || model === null || !["undefined", "string", "function", "object"].includes(typeof model))
    throw configError(
      `The model of member ${index} of ${strategy} must be a name, a table of names or a function`,
    );
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== "string"))
    throw configError(`The tags of member ${index} of ${strategy} must be an array of words`);
  return new Entry(index, options.provider, model, weight, tags);
}
