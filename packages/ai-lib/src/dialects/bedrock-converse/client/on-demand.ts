import { OnDemand } from "../../../core/errors/on-demand.js";

/** Reads streams. */
export const streams = new OnDemand("streams of Bedrock's Converse", () =>
  import("./stream.js").then(({ BedrockStreamDecoder }) => BedrockStreamDecoder),
);
