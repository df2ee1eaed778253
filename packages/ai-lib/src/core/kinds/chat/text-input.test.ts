import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { superlinear } from "../../../../test/support/growth.js";
import { TextInput, textCallOf } from "./text-input.js";

/** Reads JSON in pieces of some lengths. */
function read(json: string, lengths: readonly number[]): { text: string; whole: boolean } {
  const input = new TextInput();
  let text = "";
  for (let at = 0, i = 0; at < json.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    text += input.push(json.slice(at, at + length));
    at += length;
  }
  const { rest, whole } = input.end();
  return { text: text + rest, whole };
}

const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });

describe("the text of a text tool in the arguments of a function", () => {
  it("is read however the arguments are cut", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom(undefined, 1, "\t"),
        lengths,
        (text, space, cuts) => {
          const json = JSON.stringify({ input: text }, undefined, space);
          expect(read(json, cuts)).toEqual({ text, whole: true });
        },
      ),
    );
  });

  it("is read from arguments with other fields, whatever their order", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), lengths, (text, other, cuts) => {
        expect(read(JSON.stringify({ input: text, other }), cuts)).toEqual({ text, whole: true });
        expect(read(JSON.stringify({ other, input: text }), cuts)).toEqual({ text, whole: true });
      }),
    );
  });

  it("is read piece by piece", () => {
    const input = new TextInput();
    expect(['{"in', 'put": "ls', " -l\\", 'n"}'].map((piece) => input.push(piece))).toEqual([
      "",
      "ls",
      " -l",
      "\n",
    ]);
  });

  it("is incomplete if the arguments were cut, or have no text", () => {
    expect(read('{"input":"rm -r', [3])).toEqual({ text: "rm -r", whole: false });
    for (const json of ["", "{}", '{"input":7}', '{"text":"a"}', "null", "[1]", '{"input":"a\\x"}'])
      expect(read(json, [2])).toMatchObject({ whole: false });
  });

  it("takes time in proportion to the arguments", () => {
    const slow = superlinear(50_000, (length) => {
      const backslashes = JSON.stringify({ input: "\\".repeat(length) });
      return () => {
        expect(read(backslashes, [1]).whole).toBe(true);
      };
    });
    expect(slow).toBeUndefined();
  });
});

describe("textCallOf", () => {
  const call = { type: "tool-call", id: "c", name: "sh" } as const;

  it("makes the call of a function that of a text tool", () => {
    expect(textCallOf({ ...call, arguments: { input: "ls" } })).toEqual({ ...call, input: "ls" });
  });

  it("does not allow a call without a complete text to run", () => {
    expect(textCallOf({ ...call, argumentsText: '{"input":"l' })).toEqual({ ...call, argumentsText: "l" });
    expect(textCallOf({ ...call, arguments: {} })).toEqual({ ...call, argumentsText: "" });
  });
});
