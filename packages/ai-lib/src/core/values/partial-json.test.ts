import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { superlinear } from "../../../test/support/growth.js";
import { PartialJson } from "./partial-json.js";

function read(...pieces: string[]): PartialJson {
  const json = new PartialJson();
  for (const piece of pieces) json.push(piece);
  return json;
}

/** Cuts a text at some places. */
function cut(text: string, places: readonly number[]): string[] {
  const sorted = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...sorted, text.length].map((end, i) => text.slice(i === 0 ? 0 : sorted[i - 1], end));
}

describe("JSON in pieces", () => {
  it("is what JSON.parse makes of the whole, wherever it is cut", () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 6 }),
        fc.array(fc.nat()),
        fc.constantFrom(undefined, 1, "\t"),
        (text, places, indent) => {
          const whole = JSON.stringify(JSON.parse(text), null, indent);
          const json = read(...cut(whole, places));
          expect(json.malformed).toBe(false);
          expect(json.snapshot()).toEqual(JSON.parse(whole));
        },
      ),
    );
  });

  it("is malformed where JSON.parse refuses it and more text cannot complete it", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:0-1.e+tfn \\u') }), (text) => {
        const json = read(text, " ");
        let whole: unknown;
        try {
          whole = JSON.parse(text);
        } catch {
          whole = undefined;
        }
        // What follows a value that has ended is not read.
        if (whole !== undefined) expect([json.malformed, json.snapshot()]).toEqual([false, whole]);
        else if (json.complete) expect(() => JSON.parse(text)).toThrow();
      }),
    );
  });

  it.each<[string, unknown]>([
    ["", undefined],
    ["  ", undefined],
    ["{", {}],
    ['{"a', {}],
    ['{"a"', {}],
    ['{"a":', {}],
    ['{"a":"', { a: "" }],
    ['{"a":"b\\', { a: "b" }],
    ['{"a":"b\\u00', { a: "b" }],
    ['{"a":"b\\u00e9', { a: "bé" }],
    ['{"a":-', {}],
    ['{"a":-1', { a: -1 }],
    ['{"a":12.', { a: 12 }],
    ['{"a":12.5e', { a: 12.5 }],
    ['{"a":tru', {}],
    ['{"a":true', { a: true }],
    ['{"a":null,', { a: null }],
    ['{"a":1,"b', { a: 1 }],
    ['[1,[2,{"x":"y', [1, [2, { x: "y" }]]],
    ['{"a":1}', { a: 1 }],
    ['{"a":1}```', { a: 1 }],
    ['"te', "te"],
    ["nul", undefined],
  ])("%j is %j so far", (text, value) => {
    const json = read(text);
    expect(json.malformed).toBe(false);
    expect(json.snapshot()).toEqual(value);
    expect(read(...text).snapshot()).toEqual(value);
  });

  it.each(["x", "{a", '{"a" 1', '{"a":}', "[1 2", "[,", '{"a":1,}', '"\n', '"\\x', '"\\u00g', "01,", "[1]2"])(
    "%j is malformed, or ends before",
    (text) => {
      const json = read(text);
      expect(json.malformed || json.complete || text === "x").toBe(true);
      expect(() => JSON.parse(text)).toThrow();
    },
  );

  it("keeps earlier values as they were, and shares what has ended", () => {
    const json = read('{"a":[1,2],"b":[3');
    const before = json.snapshot() as { a: unknown; b: unknown };
    json.push(',4,"x"]}');
    const after = json.snapshot() as { a: unknown; b: unknown };
    expect(before).toEqual({ a: [1, 2], b: [3] });
    expect(after).toEqual({ a: [1, 2], b: [3, 4, "x"] });
    expect(after.a).toBe(before.a);
  });

  it("reaches no prototype", () => {
    const value = read('{"__proto__":{"admin":true},"constructor":{"prototype":1}').snapshot() as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect("admin" in value).toBe(false);
    expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
  });

  it("of more than 256 levels is malformed", () => {
    expect(read("[".repeat(256)).malformed).toBe(false);
    expect(read("[".repeat(257)).malformed).toBe(true);
    expect(read('{"a":'.repeat(1_000_000)).malformed).toBe(true);
  });

  const makers: Readonly<Record<string, (length: number) => string>> = {
    "a list": (length) => `[${"1,".repeat(length / 2)}`,
    "a long string": (length) => `"${"x".repeat(length)}`,
    escapes: (length) => `"${"\\u0041".repeat(length / 6)}`,
    "an object": (length) => `{${Array.from({ length: length / 10 }, (_, i) => `"key${i}":1`).join(",")}`,
    nesting: (length) => `[${'[[[[{"a":[]}]]]],'.repeat(length / 17)}`,
    "a number": (length) => "1".repeat(length),
    blanks: (length) => " ".repeat(length),
    letters: (length) => "a".repeat(length),
  };
  it.each(Object.entries(makers))("takes time in proportion to %s of 1 MB in small pieces", (_, make) => {
    expect(
      superlinear(250_000, (length) => {
        const text = make(length);
        return () => {
          const json = new PartialJson();
          for (let at = 0; at < text.length; at += 4) json.push(text.slice(at, at + 4));
          json.snapshot();
        };
      }),
    ).toBeUndefined();
  });
});
