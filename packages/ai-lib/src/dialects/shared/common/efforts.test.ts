import { expect, it } from "vitest";
import { closestEffort, type EffortWord } from "./efforts.js";

it.each<[wanted: EffortWord, accepted: EffortWord[], sent: EffortWord]>([
  ["low", ["low", "high"], "low"],
  ["minimal", ["none", "low", "medium"], "low"],
  ["medium", ["low", "high"], "high"],
  ["max", ["low", "medium", "high"], "high"],
  ["xhigh", ["low", "medium", "high"], "high"],
  ["xhigh", ["low", "high", "xhigh", "max"], "xhigh"],
  ["max", ["high", "xhigh"], "xhigh"],
  ["none", ["minimal", "low"], "minimal"],
  ["high", ["none"], "none"],
  ["minimal", ["none", "max"], "max"],
])("%s of %j is %s", (wanted, accepted, sent) => {
  expect(closestEffort(wanted, accepted)).toBe(sent);
});
