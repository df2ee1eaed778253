import { OnDemand } from "../../../core/errors/on-demand.js";

/** Reads streams. */
export const streams = new OnDemand("streams of Anthropic's messages", () =>
  import("./stream.js").then(({ AnthropicStreamDecoder }) => AnthropicStreamDecoder),
);
