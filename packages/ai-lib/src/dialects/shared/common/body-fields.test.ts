import { expect, it } from "vitest";
import { defined, filled } from "./body-fields.js";

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
