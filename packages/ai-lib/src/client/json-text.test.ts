import { describe, expect, it } from "vitest";
import { JsonReader, jsonValuesIn } from "./json-text.js";

describe("the JSON values of a text", () => {
  it.each<readonly [string, string, readonly unknown[]]>([
    ["are the whole text", ' {"a": 1} ', [{ a: 1 }]],
    ["are a whole scalar", " 5 ", [5]],
    ["are none of a text without JSON", "Hello, 5", []],
    ["are none of an empty text", "", []],
    ["are those in a fence", '```json\n{"a": 1}\n```', [{ a: 1 }]],
    ["are a scalar in a fence", "```JSON\n5\n```", [5]],
    ["are a scalar in a fence without a name", '```"a"```', ["a"]],
    ["are none of an open fence", "```5", []],
    ["are none of a fence that is its own end", "`````", []],
    ["are none of a fence at the end alone", "5```", []],
    ["are those in words", 'Here: [1, 2]. And {"a": 1}, bye', [{ a: 1 }, [1, 2]]],
    ["are the longest first", 'a [1] b {"long": [1, 2, 3]} c [2, 3]', [{ long: [1, 2, 3] }, [2, 3], [1]]],
    ["are those behind a bracket of prose", "see [here] and [1]", [[1]]],
    ["are those behind a brace of prose", 'see {this} and {"a": 1}', [{ a: 1 }]],
    ["are those before a cut one", '[1] and {"a": ', [[1]]],
    ["are not those within another", '{"a": {"b": 1}} x', [{ a: { b: 1 } }]],
    ["are those within a broken one", '{a: {"b": 1}}', [{ b: 1 }]],
  ])("%s", (_what, text, values) => {
    expect(jsonValuesIn(text)).toEqual(values);
  });

  it("are at most eight, after at most fifteen starts without a value", () => {
    const many = Array.from({ length: 12 }, (_one, index) => `[${"1,".repeat(index)}1]`).join(" and ");
    expect(jsonValuesIn(many).map((value) => (value as unknown[]).length)).toEqual([
      12, 11, 10, 9, 8, 7, 6, 5,
    ]);
    expect(jsonValuesIn(`${"[x ".repeat(15)} [1]`)).toEqual([[1]]);
    expect(jsonValuesIn(`${"[x ".repeat(16)} [1]`)).toEqual([]);
  });
});

describe("a reader of JSON that arrives in pieces", () => {
  const read = (...pieces: readonly string[]) => {
    const reader = new JsonReader();
    for (const piece of pieces) reader.push(piece);
    return [reader.snapshot(), reader.length];
  };

  it.each<readonly [string, readonly string[], readonly [unknown, number]]>([
    ["nothing", [], [undefined, 0]],
    ["blanks", [" ", "\n"], [undefined, 0]],
    ["an object", ['{"a":', "1}"], [{ a: 1 }, 7]],
    ["an object behind blanks", [" ", ' {"a":1}'], [{ a: 1 }, 7]],
    ["an object behind words", ["Here: ", '{"a":1} bye'], [{ a: 1 }, 7]],
    ["a scalar at the start", ['"ab', 'c"'], ["abc", 5]],
    ["a scalar behind blanks", ["  ", "true"], [true, 4]],
    ["no scalar behind words", ["Here: ", "5"], [undefined, 0]],
    ["no more than the first value", ['{"a":1}', '{"b":1}'], [{ a: 1 }, 7]],
    ["a value behind a bracket of prose", ["[x] and ", "[1]"], [[1], 4]],
  ])("reads %s", (_what, pieces, [value, length]) => {
    const [found, count] = read(...pieces);
    expect(found).toEqual(value);
    expect(count).toBeGreaterThanOrEqual(length);
    if (!pieces.join("").startsWith("[x]")) expect(count).toBe(length);
  });

  it("gives the items of a list so far", () => {
    const reader = new JsonReader();
    expect(reader.items()).toBeUndefined();
    reader.push('{"items": [1, 2');
    expect(reader.items("items")).toEqual([1]);
    reader.push("]}");
    expect(reader.items("items")).toEqual([1, 2]);
  });
});
