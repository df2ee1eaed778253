import type { Shape } from "../../../core/values/check.js";

/** Keeps {@link CohereChatQuirks} from being empty: an empty type would allow any field. */
declare const noQuirk: unique symbol;

/** Deviations of an endpoint from what Cohere documents: none is known. */
export interface CohereChatQuirks {
  readonly [noQuirk]?: never;
}

/** What each quirk may be: the provider is checked when it is built. */
export const cohereChatQuirks: Shape<CohereChatQuirks> = {};
