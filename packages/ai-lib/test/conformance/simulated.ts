import type { Capabilities } from "../../src/testing/conformance/index.js";

/** What everything that answers through the simulator can do; it is given no wrong key and no limit of tokens. */
export const SIMULATED: Capabilities = {
  stream: true,
  maxTokens: true,
  tools: true,
  parallelTools: true,
  structuredOutput: true,
  images: true,
  reasoning: true,
  unknownModel: true,
};
