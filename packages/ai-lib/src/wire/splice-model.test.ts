import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editBytes } from "./edit-bytes.js";
import { splicedModel } from "./splice-model.js";

const encode = (text: string) => new TextEncoder().encode(text);
const splice = (text: string, model = "new") => {
  const edit = splicedModel(encode(text), model);
  return edit === undefined ? undefined : new TextDecoder().decode(editBytes(encode(text), edit));
};

describe("splicedModel", () => {
  it.each([
    ['{"model":"old","x":1}', '{"model":"new","x":1}'],
    [
      '{ "x" : [ { "model" : "in" } ] ,\n "model"\t:\r\n "old" }',
      '{ "x" : [ { "model" : "in" } ] ,\n "model"\t:\r\n "new" }',
    ],
    ['{"a":"\\"model\\":\\\\","model":"o\\"l\\\\d"}', '{"a":"\\"model\\":\\\\","model":"new"}'],
    ['{"a":"model","b":["model","x"],"model":"é"}', '{"a":"model","b":["model","x"],"model":"new"}'],
  ])("replaces the outermost value alone: %s", (given, expected) => expect(splice(given)).toBe(expected));

  it.each([
    "{}",
    "[]",
    '"model"',
    '[{"model":"x"}]',
    '{"model":null}',
    '{"model":"a","model":"b"}',
    '{"max_tokens":9,"model":"a","max_tokens":1}',
    '{"model":"a","x":{"max_tokens":9},"x":{}}',
    '{"\\u006dodel":"a"}',
    '{"x":{"model":"a"}}',
    '{"model":"a',
  ])("leaves it to others: %s", (given) => expect(splice(given)).toBeUndefined());

  it("leaves an object with more than a hundred fields to others", () => {
    const names = (count: number) => Array.from({ length: count }, (_one, index) => `"f${index}":1`).join();
    expect(splice(`{${names(99)},"model":"a"}`)).toBe(`{${names(99)},"model":"new"}`);
    expect(splice(`{${names(100)},"model":"a"}`)).toBeUndefined();
  });

  it("does not count the names of inner objects", () =>
    expect(splice('{"model":"a","x":{"model":1,"y":2},"y":{"x":3}}')).toBe(
      '{"model":"new","x":{"model":1,"y":2},"y":{"x":3}}',
    ));

  it("writes a name with quotes and controls as JSON", () =>
    expect(JSON.parse(splice('{"model":"x"}', 'a"\n\\b') ?? "")).toEqual({ model: 'a"\n\\b' }));

  it("changes nothing but the model of any object", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(
        object,
        fc.string(),
        fc.string(),
        fc.constantFrom(0, 2, "\t"),
        (rest, old, model, space) => {
          const text = JSON.stringify({ ...rest, model: old }, undefined, space);
          const spliced = splice(text, model);
          const escaped = Object.keys(rest).some((name) => JSON.stringify(name) !== `"${name}"`);
          if (escaped)
            expect([undefined, JSON.stringify({ ...rest, model }, undefined, space)]).toContain(spliced);
          else expect(spliced).toBe(JSON.stringify({ ...rest, model }, undefined, space));
        },
      ),
    );
  });
});
