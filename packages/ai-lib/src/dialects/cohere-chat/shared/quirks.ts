/** Deviations of an endpoint from what Cohere documents: none is known. */
export type CohereChatQuirks = Readonly<Record<string, never>>;

/** Every flag, so that an unknown one can be refused when a provider is built. */
export const cohereChatQuirkNames: readonly (keyof CohereChatQuirks)[] = [];
