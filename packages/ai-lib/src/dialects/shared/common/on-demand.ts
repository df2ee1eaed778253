import { OnDemand } from "../../../core/errors/on-demand.js";

/** The code for requests with more than text, or with fields that their dialect does not carry. */
export const contentRules = new OnDemand("tools and media", () =>
  import("./content-rules.js").then(({ contentRuleSet }) => contentRuleSet),
);
