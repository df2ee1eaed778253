import { expect, it } from "vitest";
import { superlinear } from "./growth.js";

/** Some work, which takes a time that depends on the number of steps alone. */
function work(steps: number): number {
  let sum = 0;
  for (let i = 0; i < steps; i++) sum = (sum * 31 + i) % 65_521;
  return sum;
}

it("finds a quadratic loop", () => {
  expect(superlinear(1_500, (length) => () => void work(length * length))).toMatch(
    /^[\d.]+ -> [\d.]+ -> [\d.]+ ms$/,
  );
});

it("takes no single long run for growth", () => {
  let runs = 0;
  const once = (length: number) => () => {
    // The first run of the longest input takes twenty times as long.
    if (length === 4_000_000 && runs++ === 0) work(length * 20);
    work(length);
  };
  expect(superlinear(1_000_000, once)).toBeUndefined();
  expect(runs).toBeGreaterThan(1);
});
