import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type AnyCheck,
  amount,
  count,
  flag,
  listOf,
  mapOf,
  object,
  oneOf,
  orNull,
  positive,
  type Shape,
  shapeOf,
  text,
} from "./check.js";

const person = shapeOf<{ readonly name: string; readonly age?: number }>({ name: text, age: count }, [
  "name",
]);

describe("a check", () => {
  it.each<[check: AnyCheck, right: readonly unknown[], wrong: readonly [unknown, string][]]>([
    [
      text,
      ["a", " "],
      [
        ["", "a text"],
        [1, "a text"],
        [null, "a text"],
      ],
    ],
    [
      flag,
      [true, false],
      [
        ["yes", "true or false"],
        [0, "true or false"],
      ],
    ],
    [
      positive,
      [0.5, 3],
      [
        [0, "a number above 0"],
        [Number.POSITIVE_INFINITY, "a number above 0"],
        ["1", "a number above 0"],
      ],
    ],
    [
      amount,
      [0, 1.5],
      [
        [-1, "a number, 0 or more"],
        [Number.NaN, "a number, 0 or more"],
      ],
    ],
    [
      count,
      [1, 40],
      [
        [0, "a whole number above 0"],
        [1.5, "a whole number above 0"],
      ],
    ],
    [
      object,
      [{}, { a: 1 }],
      [
        [[], "an object"],
        [null, "an object"],
      ],
    ],
    [
      oneOf("a", "b"),
      ["a", "b"],
      [
        ["c", "one of a, b"],
        [undefined, "one of a, b"],
      ],
    ],
    [orNull(text), [null, "a"], [["", "a text, or null"]]],
    [
      listOf(flag),
      [[], [true]],
      [
        ["a", "a list"],
        [[true, 1], "a list in which item 2 is true or false"],
      ],
    ],
    [
      mapOf(text),
      [{}, { a: "b" }],
      [
        [[], "an object"],
        [{ a: "b", c: 1 }, 'an object in which "c" is a text'],
      ],
    ],
    [
      person,
      [{ name: "Ann" }, { name: "Ann", age: 3 }, { name: "Ann", age: undefined }],
      [
        ["Ann", "an object of name, age"],
        [{ age: 3 }, 'an object with "name"'],
        [{ name: "Ann", age: "3" }, 'an object in which "age" is a whole number above 0'],
        [{ name: "Ann", size: 1 }, 'an object without "size", which is unknown'],
      ],
    ],
  ])("accepts what is right and says what a wrong value must be (%#)", (check, right, wrong) => {
    for (const value of right) expect(check(value)).toBeUndefined();
    for (const [value, must] of wrong) expect(check(value)).toBe(must);
  });

  it("is not fooled by names that every object has", () => {
    expect(person(JSON.parse('{ "name": "Ann", "toString": "a" }'))).toContain('"toString"');
    expect(person(JSON.parse('{ "name": "Ann", "__proto__": "a" }'))).toContain('"__proto__"');
  });
});

describe("a shape", () => {
  it("has exactly one check for each field, of exactly its type", () => {
    interface Fields {
      readonly size?: "small" | "large";
      readonly names?: readonly string[];
    }
    expectTypeOf({ size: oneOf("small", "large"), names: listOf(text) }).toExtend<Shape<Fields>>();
    expectTypeOf({ size: oneOf("small"), names: listOf(text) }).not.toExtend<Shape<Fields>>();
    expectTypeOf({ size: oneOf("small", "large", "huge"), names: listOf(text) }).not.toExtend<
      Shape<Fields>
    >();
    expectTypeOf({ size: oneOf("small", "large") }).not.toExtend<Shape<Fields>>();
    expectTypeOf({ size: text, names: listOf(text) }).not.toExtend<Shape<Fields>>();
  });
});
