import type { Shape } from "../../../core/values/check.js";
import type { CohereChatQuirks } from "./quirks.js";

/** The values that each quirk accepts. They are checked when the provider is built. */
export const cohereChatQuirks: Shape<CohereChatQuirks> = {};
