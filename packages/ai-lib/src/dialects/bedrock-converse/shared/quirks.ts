import type { Quirks } from "../../../core/contract/dialect.js";

/** Deviations of one endpoint from the dialect as Amazon Bedrock's runtime speaks it. */
export interface BedrockConverseQuirks {
  /**
   * The model behind an id that does not name it, such as the ARN of an application inference profile or of
   * provisioned throughput: `"anthropic.claude-sonnet-4-6"`. It decides how thinking and top-k are requested and who
   * can read signatures. Default: the model id itself.
   */
  readonly baseModel?: string;
}

/** The names above: a provider with an unknown quirk is refused when it is built. */
export const bedrockConverseQuirkNames: readonly (keyof BedrockConverseQuirks)[] = ["baseModel"];

/** The quirks of a target; values of a wrong type count as absent. */
export function quirksOf({ baseModel }: Quirks): BedrockConverseQuirks {
  return typeof baseModel === "string" ? { baseModel } : {};
}
