import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { onAbort } from "./abort.js";

it("keeps one listener on a signal for any number of waiters, and none without waiters", () => {
  const { signal } = new AbortController();
  const back = Array.from({ length: 50 }, () => onAbort(signal, () => {}));
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  for (const one of back) one();
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

it("notifies all that still wait, each once, also when one of them leaves another", () => {
  const abort = new AbortController();
  const told: string[] = [];
  const leave = onAbort(abort.signal, () => told.push("left before"));
  onAbort(abort.signal, () => told.push("first"));
  onAbort(abort.signal, () => told.push("second"));
  leave();
  leave();
  abort.abort();
  abort.abort();
  expect(told).toEqual(["first", "second"]);
});

it("listens again after the last one has left", () => {
  const abort = new AbortController();
  onAbort(abort.signal, () => {})();
  let told = 0;
  onAbort(abort.signal, () => told++);
  abort.abort();
  expect(told).toBe(1);
});
