import { OnDemand } from "../../errors/on-demand.js";

/** The checks of requests that are not plain: see `isPlainRequest`. */
export const chatChecks = new OnDemand("checks of requests", () =>
  import("./validate.js").then(({ checkRequest }) => checkRequest),
);

/** What reads the calls of an answer as the tools of its request declare them. */
export const toolArguments = new OnDemand("tools", () =>
  import("./tool-arguments.js").then(({ withDeclaredArguments }) => withDeclaredArguments),
);

/** What builds the answer of a stream from its events, and makes the events of a whole answer. */
export const chatStreams = new OnDemand("streams", () =>
  import("./streams.js").then(({ chatStreamCode }) => chatStreamCode),
);

/** What joins two answers into one. */
export const deliveredParts = new OnDemand("answers that go on after a cut", () =>
  import("./splice.js").then(({ DeliveredParts }) => DeliveredParts),
);
