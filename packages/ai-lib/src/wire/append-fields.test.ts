import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addedFields, appendFields } from "./append-fields.js";
import { editBytes } from "./edit-bytes.js";
import { splicedModel } from "./splice-model.js";

const LIMIT = addedFields({ limit: 7 });

const append = (text: string, fields = LIMIT) => {
  const bytes = new TextEncoder().encode(text);
  const edit = appendFields(bytes, fields);
  return edit === undefined ? undefined : new TextDecoder().decode(editBytes(bytes, edit));
};

describe("appendFields", () => {
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

  it("appends several fields where none of them is there", () => {
    const fields = addedFields({ limit: 7, options: { usage: true } });
    expect(append('{"a":1}', fields)).toBe('{"a":1,"limit":7,"options":{"usage":true}}');
    expect(append('{"a":1,"options":null}', fields)).toBeUndefined();
    expect(append('{"a":"limit"}', fields)).toBeUndefined();
  });

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

  it("is made in one copy with another model", () => {
    const object = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.string(), fc.string({ maxLength: 300 }), (rest, old, model) => {
        const value = { ...rest, model: old, z: 1 };
        const bytes = new TextEncoder().encode(JSON.stringify(value));
        const [first, second] = [splicedModel(bytes, model), appendFields(bytes, LIMIT)];
        if (first === undefined || second === undefined) throw new Error("no edit");
        const edited = new TextDecoder().decode(editBytes(bytes, first, second));
        expect(edited).toBe(JSON.stringify({ ...value, model, limit: 7 }));
      }),
    );
  });
});
