/** Keeps {@link CohereChatQuirks} from being empty: an empty type would allow any field. */
declare const noQuirk: unique symbol;

/** Deviations of an endpoint from what Cohere documents: none is known. */
export interface CohereChatQuirks {
  readonly [noQuirk]?: never;
}
