import { flag, type Shape } from "../../../core/values/check.js";
import type { OllamaChatQuirks } from "./quirks.js";

/** The values that each quirk accepts. They are checked when the provider is built. */
export const ollamaChatQuirks: Shape<OllamaChatQuirks> = { thinkIsBoolean: flag };
