import { describe, expect, it } from "vitest";
import { ModelMap } from "./model-map.js";

const map = (limit: number) => new ModelMap<{ idle: boolean }>(limit, ({ idle }) => idle);
const models = <T>(of: ModelMap<T>) => [...of.entries()].map(([model]) => model);

describe("a map by model", () => {
  it("drops the idle entry longest unused when it is full", () => {
    const values = map(3);
    for (const [model, idle] of [
      ["busy", false],
      ["old", true],
      ["new", true],
    ] as const)
      values.set(model, { idle });
    values.use("old", () => ({ idle: true }));
    values.set("more", { idle: true });
    expect(models(values)).toEqual(["busy", "old", "more"]);
  });

  it("drops the entry longest unused when none is idle", () => {
    const values = map(2);
    for (const model of ["a", "b", "c"]) values.set(model, { idle: false });
    expect(models(values)).toEqual(["b", "c"]);
  });

  it("keeps a value that is set again, and does not drop another for it", () => {
    const values = map(2);
    for (const model of ["a", "b", "b"]) values.set(model, { idle: true });
    expect(models(values)).toEqual(["a", "b"]);
  });

  it("has one entry for calls whose model is unknown, and one for all names that are too long", () => {
    const values = map(10);
    const make = () => ({ idle: true });
    const unknown = values.use(undefined, make);
    expect(values.use(undefined, make)).toBe(unknown);
    expect(values.use("", make)).not.toBe(unknown);
    expect(values.use("x".repeat(300), make)).toBe(values.use("y".repeat(100_000), make));
    expect(values.use("x".repeat(256), make)).not.toBe(values.use("y".repeat(256), make));
    expect(models(values).every((model) => (model?.length ?? 0) <= 256)).toBe(true);
  });
});
