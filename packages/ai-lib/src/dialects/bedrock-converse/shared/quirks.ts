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

/** The quirks of a target. */
export function quirksOf(quirks: Quirks): BedrockConverseQuirks {
  return quirks;
}
