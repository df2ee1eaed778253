import { OnDemand } from "../../../core/errors/on-demand.js";

/** What requests need that hold more than text, or fields that their dialect does not carry. */
export const contentRules = new OnDemand("tools and media", () =>
  import("./content-rules.js").then(({ contentRuleSet }) => contentRuleSet),
);
