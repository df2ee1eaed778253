import { describe } from "vitest";
import { handMadeCases } from "../support/recordings.js";
import { describeReplay } from "./describe-replay.js";
import { APIS } from "./replay.js";

// replay.real.test.ts does the same with all exchanges.
describe.each(Object.entries(APIS))("hand-made %s streams", (api, dialect) => {
  describeReplay(handMadeCases(api), dialect);
});
