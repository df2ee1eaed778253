import { contentRuleSet } from "./content-rules.js";
import { contentRules } from "./on-demand.js";

/** Provides the shared code without loading it on demand, for client halves that contain all of it. */
export function provideContentRules(): void {
  contentRules.provide(contentRuleSet);
}
