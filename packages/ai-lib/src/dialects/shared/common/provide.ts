import { contentRuleSet } from "./content-rules.js";
import { contentRules } from "./on-demand.js";

/** Makes the code that dialects share available at once: for client halves that have all of it. */
export function provideContentRules(): void {
  contentRules.provide(contentRuleSet);
}
