import type { DialectTarget } from "../../../core/contract/dialect.js";
import { asString, type JsonObject } from "../../../core/values/json.js";
import type { Origin } from "../../../core/values/message.js";

/**
 * Which opaque state (signatures, encrypted reasoning, ids of stored items) and which stored files a target can read:
 * the data of one dialect for the rule of {@link canRead} and {@link canReadStore}.
 */
export interface StateReaders {
  /**
   * The families that the target is part of. A family is all endpoints that can read the same state: those that serve
   * a vendor's models (`"anthropic"`), or a single provider id.
   */
  readonly families: readonly string[];
  /** Names of stores, besides the target's own provider id, whose files and responses the target can read. */
  readonly stores?: readonly string[];
}

/**
 * Whether a target may receive the opaque state of a part. State is confidential: it can hold a vendor's encrypted
 * reasoning or refer to what an account has stored. So it goes only to
 * - the family that produced it: no other vendor can use it, and no other vendor is to see it;
 * - the account that it is bound to, where its vendor binds it (`Origin.account`).
 *
 * The provider and the model in an origin are for people who read a history. No vendor known here refuses its state
 * because another of its models, or another host of the same family, gave it.
 */
export function canRead(
  { families }: StateReaders,
  { account }: Pick<DialectTarget, "account">,
  origin: Origin | undefined,
): origin is Origin {
  if (origin === undefined || !families.includes(origin.family)) return false;
  return origin.account === undefined || origin.account === account;
}

/** Whether a target can read what a provider stores: an uploaded file, or a response to continue. */
export function canReadStore(
  { stores }: StateReaders,
  { provider }: Pick<DialectTarget, "provider">,
  store: string,
): boolean {
  return store === provider || stores?.includes(store) === true;
}

/**
 * A description of content that exists only in a part's state; undefined for state that accompanies other content.
 * Without such a part, the target would answer without that content.
 */
export function contentIn(data: JsonObject): string | undefined {
  switch (data["type"]) {
    case "item_reference":
      // A reference to reasoning represents state alone.
      return asString(data["id"])?.startsWith("rs_") === true
        ? undefined
        : "it refers to a stored item: send the item, or set `store` to false";
    case "compaction":
      return typeof data["encrypted_content"] === "string"
        ? "it holds earlier turns in encrypted form"
        : undefined;
    default:
      return undefined;
  }
}

/** Makes the origin of a part from its state. */
export type MakeOrigin = (data: JsonObject) => Origin;

/**
 * The origin of a part that a target answered with.
 * @param model the model that answered, where the reply names it. Default: the model that was asked for.
 * @param boundToAccount the vendor binds this state to the account that got it.
 */
export function originOf(
  target: Pick<DialectTarget, "provider" | "model" | "account">,
  family: string,
  data: JsonObject,
  model: string = target.model,
  boundToAccount = false,
): Origin {
  const { provider, account } = target;
  return boundToAccount && account !== undefined
    ? { family, provider, model, account, data }
    : { family, provider, model, data };
}
