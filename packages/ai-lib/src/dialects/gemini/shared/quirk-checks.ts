import { flag, type Shape } from "../../../core/values/check.js";
import type { GeminiQuirks } from "./quirks.js";

/** The values that each quirk accepts. They are checked when the provider is built. */
export const geminiQuirks: Shape<GeminiQuirks> = {
  noCallIds: flag,
  openApiSchemas: flag,
  noSystemRole: flag,
  noServerSideToolInvocations: flag,
  plainCounts: flag,
  noServiceTier: flag,
};
