import { OnDemand } from "../../errors/on-demand.js";

/** The checks of requests that are not plain: see `isPlainRequest`. */
export const chatChecks = new OnDemand("checks of requests", () =>
  import("./validate.js").then(({ checkRequest }) => checkRequest),
);
