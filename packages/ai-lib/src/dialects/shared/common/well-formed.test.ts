import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findLoneSurrogate, wellFormedJson } from "./well-formed.js";

describe("wellFormedJson", () => {
  it("replaces lone surrogates and keeps pairs", () => {
    expect(wellFormedJson({ a: "x\ud83d", "\ude00": "\u{1f600}" })).toBe(
      '{"a":"x\ufffd","\ufffd":"\u{1f600}"}',
    );
  });

  it("does not take an escaped backslash for a surrogate", () => {
    expect(wellFormedJson("\\ud83d")).toBe(JSON.stringify("\\ud83d"));
  });

  it("writes what JSON.stringify writes of well-formed text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(JSON.parse(wellFormedJson({ text }))).toEqual({ text });
      }),
    );
  });

  it("leaves no surrogate in any text", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0xd700, max: 0xe0ff })), (units) => {
        expect(
          findLoneSurrogate(JSON.parse(wellFormedJson([String.fromCharCode(...units)]))),
        ).toBeUndefined();
      }),
    );
  });
});

describe("findLoneSurrogate", () => {
  it("names the path of the text", () => {
    expect(findLoneSurrogate({ a: ["x", { b: "\ud83d" }] })).toBe("a.1.b");
    expect(findLoneSurrogate({ a: "\u{1f600}" })).toBeUndefined();
  });
});
