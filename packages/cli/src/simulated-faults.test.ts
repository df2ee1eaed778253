import { expect, it } from "vitest";
import { FAULT_HELP, parseFault } from "./simulated-faults.js";

it.each([
  ["ok", undefined],
  ["429", { status: 429 }],
  ["429=2", { status: 429, headers: { "retry-after": "2" } }],
  ["503+closes", { status: 503, closes: true }],
  ["slow-head=100+cut=4", { headDelayMs: 100, cut: 4 }],
  ["comments", { comments: { after: 3 } }],
])("%s", (text, fault) => {
  expect(parseFault(text)).toEqual(fault);
});

it("makes something of every name", () => {
  const names = FAULT_HELP.split(", ").map((name) => name.replace(/\[.*/, ""));
  expect(names.length).toBeGreaterThan(18);
  for (const name of names.slice(3)) expect(Object.keys(parseFault(name) ?? {})).not.toEqual([]);
});

it.each([
  ["nonsense", "known are: ok"],
  ["cut=many", "whole number"],
  ["cut=1=2", "one number"],
  ["deaf=1", "takes no number"],
  ["200", "Unknown fault"],
  ["", "Unknown fault"],
])("refuses %j", (text, reason) => {
  expect(() => parseFault(text)).toThrow(reason);
});
