/** The dialect's id, as `extensions` are keyed. */
export const DIALECT = "mistral-chat";

/** Who can read the state that comes with thinking. */
export const FAMILY = "mistral";
