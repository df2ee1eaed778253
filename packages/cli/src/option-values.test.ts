import { describe, expect, it } from "vitest";
import { parseNames, parseWholeNumber } from "./option-values.js";

describe("parseWholeNumber", () => {
  it.each([
    ["0", 0],
    ["12", 12],
    ["1e3", 1000],
  ])("parses %s", (text, value) => expect(parseWholeNumber("--n", text)).toBe(value));

  it.each(["", " ", "x", "1.5", "-1", "NaN", "Infinity"])("refuses %j", (text) => {
    expect(() => parseWholeNumber("--n", text)).toThrow(
      `--n takes a whole number of 0 or more, not "${text}"`,
    );
  });

  it("refuses a number below the least", () => {
    expect(() => parseWholeNumber("--n", "0", 1)).toThrow("of 1 or more");
  });
});

describe("parseNames", () => {
  it("parses names between commas, and ignores spaces", () => {
    expect(parseNames("pet", "cat, dog,,", ["cat", "dog", "owl"])).toEqual(["cat", "dog"]);
  });

  it("refuses an unknown name, and lists the known ones", () => {
    expect(() => parseNames("pet", "cat,cow", ["cat", "dog"])).toThrow(
      'Unknown pet "cow"; known are: cat, dog',
    );
  });
});
