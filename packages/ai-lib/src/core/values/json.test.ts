import { describe, expect, it } from "vitest";
import { parseBody } from "../errors/parse-body.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  mergeDeep,
  tryParse,
} from "./json.js";

describe("an unknown value", () => {
  it.each([null, [], "x", 0, undefined, true])("is not an object if it is %j", (value) => {
    expect(isObject(value)).toBe(false);
    expect(asObject(value)).toBeUndefined();
  });
  it("is taken for what it is and nothing else, falsy values too", () => {
    expect([asString(""), asString(0), asString(null)]).toEqual(["", undefined, undefined]);
    expect([asNumber(0), asNumber("0"), asNumber(Number.NaN), asNumber(Number.POSITIVE_INFINITY)]).toEqual([
      0,
      undefined,
      undefined,
      undefined,
    ]);
    expect([asArray([0]), asArray({ length: 1 }), asArray("ab"), asArray(undefined)]).toEqual([
      [0],
      [],
      [],
      [],
    ]);
    expect(asObject({})).toEqual({});
  });
  it("is parsed, or nothing", () => {
    expect([tryParse("0"), tryParse("null"), tryParse("{")]).toEqual([0, null, undefined]);
  });
});

describe("a body that should be an object", () => {
  it("is parsed", () => {
    expect(parseBody('{"a":0}')).toEqual({ a: 0 });
  });
  it.each([
    ["", /empty body/],
    ["  \n", /empty body/],
    ["\n<!doctype html>", /HTML/],
    ["Bad gateway", /no JSON/],
    ["[1]", /no object/],
    ["null", /no object/],
  ])("and is %j is described as what it is", (body, words) => {
    expect(() => parseBody(body)).toThrow(
      expect.objectContaining({ code: "INVALID_RESPONSE", message: expect.stringMatching(words) }),
    );
  });
  it("leaves only its start in the error", () => {
    expect(() => parseBody("x".repeat(1e6))).toThrow(expect.objectContaining({ body: "x".repeat(2_000) }));
  });
});

describe("a merge", () => {
  it("goes into objects, and replaces everything else", () => {
    const into = { a: { b: 1, c: [1, 2] }, d: "x" };
    expect(mergeDeep(into, { a: { c: [3], e: null }, d: 0 })).toEqual({ a: { b: 1, c: [3], e: null }, d: 0 });
    expect(into).toEqual({ a: { b: 1, c: [1, 2] }, d: "x" });
  });
  it.each(['{"__proto__":{"x":1}}', '{"a":{"__proto__":{"x":1}}}', '{"constructor":{"prototype":{"x":1}}}'])(
    "lets %s reach no prototype",
    (text) => {
      const merged = mergeDeep({ a: {} }, JSON.parse(text) as JsonObject) as { a: object };
      expect(({} as { x?: number }).x).toBeUndefined();
      expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
      expect(Object.getPrototypeOf(merged.a)).toBe(Object.prototype);
      expect("x" in merged || "x" in merged.a).toBe(false);
    },
  );
});
