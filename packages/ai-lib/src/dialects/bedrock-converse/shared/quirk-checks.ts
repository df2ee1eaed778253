import { type Shape, text } from "../../../core/values/check.js";
import type { BedrockConverseQuirks } from "./quirks.js";

/** The values that each quirk accepts. They are checked when the provider is built. */
export const bedrockConverseQuirks: Shape<BedrockConverseQuirks> = { baseModel: text };
