import { it } from "vitest";
import { holdToolRuns } from "./tool-runs.js";

it(
  "a run of tools ends once, with a history that every vendor takes, and continues from its state",
  {
    timeout: 300_000,
  },
  () => holdToolRuns(4_000),
);
