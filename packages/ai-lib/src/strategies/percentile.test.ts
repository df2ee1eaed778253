import fc from "fast-check";
import { expect, it } from "vitest";
import { RecentSamples } from "./percentile.js";

it("knows no percentile without samples", () => {
  expect(new RecentSamples(4).percentile(0.5)).toBeUndefined();
});

it("gives the smallest sample that a share of all samples does not exceed", () => {
  const samples = new RecentSamples(10);
  for (const sample of [30, 10, 20, 40]) samples.add(sample);
  expect([0, 0.25, 0.26, 0.5, 0.75, 1].map((share) => samples.percentile(share))).toEqual([
    10, 10, 20, 20, 30, 40,
  ]);
});

it("has only its latest samples, in whatever order they come", () => {
  const sizes = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(
      sizes,
      fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 40 }),
      (size, all) => {
        const samples = new RecentSamples(size);
        for (const sample of all) samples.add(sample);
        const latest = all.slice(-size).sort((a, b) => a - b);
        expect(samples.count).toBe(latest.length);
        expect(samples.percentile(0)).toBe(latest[0]);
        expect(samples.percentile(1)).toBe(latest.at(-1));
        expect(samples.percentile(0.5)).toBe(latest[Math.ceil(latest.length / 2) - 1]);
      },
    ),
  );
});

it("sorts again only when more than a twentieth of its samples are new", () => {
  const samples = new RecentSamples(100);
  for (let i = 0; i < 100; i++) samples.add(10);
  expect(samples.percentile(1)).toBe(10);
  for (let i = 0; i < 5; i++) samples.add(50);
  expect(samples.percentile(1)).toBe(10);
  samples.add(50);
  expect(samples.percentile(1)).toBe(50);
});
