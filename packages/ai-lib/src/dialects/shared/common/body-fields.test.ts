import { expect, it } from "vitest";
import { defined, filled, nonEmpty, positive } from "./body-fields.js";

it("fields that are undefined are left out, and any other value stays", () => {
  const fields = { a: undefined, b: null, c: 0, d: "", e: false };
  expect(Object.keys(defined(fields))).toEqual(["b", "c", "d", "e"]);
  expect(Object.keys(fields)).toHaveLength(5);
});

it("an object without a defined field is left out, and any other is the same object", () => {
  expect(filled({})).toBeUndefined();
  expect(filled({ a: undefined })).toBeUndefined();
  const object = { a: undefined, b: null };
  expect(filled(object)).toBe(object);
});

it("a text counts as one unless it is empty, and nothing else does", () => {
  expect([nonEmpty("a"), nonEmpty(" ")]).toEqual(["a", " "]);
  for (const value of ["", 0, null, undefined, ["a"]]) expect(nonEmpty(value)).toBeUndefined();
});

it("a number counts as positive above zero only", () => {
  expect([positive(0.5), positive(7)]).toEqual([0.5, 7]);
  for (const value of [0, -1, Number.NaN, "7", null]) expect(positive(value)).toBeUndefined();
});
