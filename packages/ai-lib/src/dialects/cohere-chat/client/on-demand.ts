import { OnDemand } from "../../../core/errors/on-demand.js";

/** Reads streams. */
export const streams = new OnDemand("streams of Cohere's chats", () =>
  import("./stream.js").then(({ CohereStreamDecoder }) => CohereStreamDecoder),
);
