import { OnDemand } from "../../../core/errors/on-demand.js";

/** Reads streams. */
export const streams = new OnDemand("streams of OpenAI's dialect", () =>
  import("./stream.js").then(({ OpenAIChatStreamDecoder }) => OpenAIChatStreamDecoder),
);
