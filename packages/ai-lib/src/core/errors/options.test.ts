import { describe, expect, it } from "vitest";
import { atLeast, fraction, overlay, wholeAtLeast } from "./options.js";

const refusal = expect.objectContaining({ code: "CONFIG_ERROR", message: expect.stringContaining("limit") });
const infinite = Number.POSITIVE_INFINITY;

describe("an option that is a number", () => {
  it.each([0, 0.5, 7])("of at least 0 may be %s", (value) => {
    expect(atLeast("limit", value, 0)).toBe(value);
  });
  it.each([-1, Number.NaN, infinite, "1", null, undefined])("of at least 0 may not be %s", (value) => {
    expect(() => atLeast("limit", value as number, 0)).toThrow(refusal);
  });
  it("may be infinite, or must be whole, if its rule says so", () => {
    expect(atLeast("limit", infinite, 0, true)).toBe(infinite);
    expect(wholeAtLeast("limit", infinite, 1, true)).toBe(infinite);
    expect(wholeAtLeast("limit", 1, 1)).toBe(1);
    for (const value of [0, 1.5, infinite]) expect(() => wholeAtLeast("limit", value, 1)).toThrow(refusal);
  });
  it("that is a fraction is more than 0 and at most 1", () => {
    for (const value of [0.001, 1]) expect(fraction("limit", value)).toBe(value);
    for (const value of [0, 1.001, Number.NaN, "0.5"])
      expect(() => fraction("limit", value as number)).toThrow(refusal);
  });
});

it("defined options override defaults, falsy ones too", () => {
  const defaults = {
    a: 1 as number | undefined,
    b: true as boolean | undefined,
    c: "x" as string | undefined,
  };
  expect(overlay(defaults, { a: 0, b: undefined, c: "" })).toEqual({ a: 0, b: true, c: "" });
  expect(overlay(defaults, undefined)).toEqual(defaults);
  expect(overlay(undefined, { a: 0 })).toEqual({ a: 0 });
  expect(defaults).toEqual({ a: 1, b: true, c: "x" });
});
