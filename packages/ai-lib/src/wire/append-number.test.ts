import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appendNumber } from "./append-number.js";

const append = (text: string) => {
  const bytes = appendNumber(new TextEncoder().encode(text), "limit", 7);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
};

describe("appendNumber", () => {
  it.each([
    ['{"a":1}', '{"a":1,"limit":7}'],
    ['{ "a" : {} }\n', '{ "a" : {} ,"limit":7}\n'],
    ['{"a":"limit"}', undefined],
    ['{"limit":null}', undefined],
    ['{"a":{"limit":1}}', undefined],
    ["{}", undefined],
    ["{ \n }", undefined],
    ["[1]", undefined],
    ["", undefined],
  ])("of %j is %j", (given, expected) => expect(append(given)).toBe(expected));

  it("changes nothing else of any object", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(object, (value) => {
        const appended = append(JSON.stringify(value));
        if (appended === undefined) expect(JSON.stringify(value)).toContain('"limit"');
        else expect(JSON.parse(appended)).toEqual({ ...JSON.parse(JSON.stringify(value)), limit: 7 });
      }),
    );
  });
});
