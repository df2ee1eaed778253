import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import { type DeltaShape, DeltaTemplate } from "./delta-template.js";

const SHAPE = {
  key: "content",
  padding: "pad",
  decode: (value: unknown) =>
    isObject(value) && typeof value["content"] === "string" && value["error"] === undefined
      ? value["content"]
      : undefined,
};

const frame = (content: string, rest: object = { model: "m" }, pad?: string) =>
  JSON.stringify({ id: "a", content, ...rest, ...(pad === undefined ? {} : { pad }) });

/** Reads frames as a decoder does: by the template where it fits, else by the parser. Counts the frames that fit. */
function readAll(frames: readonly string[], shape: DeltaShape = SHAPE) {
  const template = new DeltaTemplate(shape);
  let fitted = 0;
  const texts = frames.map((data) => {
    const text = template.text(data);
    if (text !== undefined) {
      fitted++;
      return text;
    }
    const value = tryParse(data);
    template.learn(data, value);
    return SHAPE.decode(value);
  });
  return { texts, fitted };
}

const COUNTED: DeltaShape = { key: "content", counts: "usage", decode: SHAPE.decode };

/** What a frame says with its counts: by the template where it fits, else by the parser. */
function readCounts(frames: readonly string[]) {
  const template = new DeltaTemplate(COUNTED);
  return frames.map((data) => {
    const text = template.text(data);
    if (text !== undefined) return { text, usage: template.counts };
    const value = tryParse(data);
    template.learn(data, value);
    return parsedCounts(data);
  });
}

function parsedCounts(data: string) {
  const value = tryParse(data);
  const text = COUNTED.decode(value);
  return text === undefined ? undefined : { text, usage: (value as JsonObject)["usage"] };
}

const parsed = (frames: readonly string[]) => frames.map((data) => SHAPE.decode(tryParse(data)));

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.stringMatching(/^[\\",:{}a\n]*$/),
  fc.constantFrom("token", "\n\n", '","error":"no', '\\","pad":"', "\u2063place\u2063", "0123456789abcdef"),
);

describe("a delta's template", () => {
  it("reads whatever frames come as the parser does, also if their ends and paddings differ", () => {
    const frames = fc.array(
      fc.oneof(
        fc
          .tuple(text, fc.constantFrom({ model: "m" }, { error: "e" }, { content2: "x" }))
          .map((a) => frame(...a)),
        fc.tuple(text, text).map(([content, pad]) => frame(content, {}, pad)),
        text.map((raw) => `{"id":"a","content":"${raw}","model":"m"}`),
        text.map((raw) => `{"id":"a","content":"token","pad":"${raw}"}`),
        text.map((raw) => `{"id":"a","content":"${raw}","pad":"p"}`),
        fc.json(),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(frames, (all) => {
        expect(readAll([frame("token"), ...all]).texts).toEqual(["token", ...parsed(all)]);
        expect(readAll([frame("token", {}, "p"), ...all]).texts).toEqual(["token", ...parsed(all)]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["the same ends", frame("a"), frame("b")],
    ["an escape", frame("a"), frame('line\nline \\ "quoted"')],
    ["a padding of its own", frame("a", {}, "xx"), frame("b", {}, "yyyy")],
    ["an escape and a padding", frame("a", {}, "xx"), frame("b\n", {}, "yyyy")],
    ["spaces", '{"content": "a", "x": 1}', '{"content": "b", "x": 1}'],
  ])("spares the parser a frame with %s", (_what, first, second) => {
    expect(readAll([first, second])).toEqual({ texts: parsed([first, second]), fitted: 1 });
  });

  it.each([
    ["another field", frame("b", { model: "m", more: 1 })],
    ["another value", frame("b", { model: "n" })],
    ["an error", frame("b", { error: "e" })],
    ["a string that never ends", '{"id":"a","content":"b\\","model":"m"}'],
    ["a control character", '{"id":"a","content":"b\tc","model":"m"}'],
  ])("leaves a frame with %s to the parser", (_what, second) => {
    expect(readAll([frame("a"), second])).toEqual({ texts: parsed([frame("a"), second]), fitted: 0 });
  });

  it("reads counts that change as the parser does", () => {
    const usage = fc.oneof(
      fc.record({ input: fc.nat(), details: fc.constantFrom([], [{ modality: "TEXT", n: 1 }], "}", "{") }),
      fc.constantFrom({}, null, 1, "x", [{}]),
    );
    const raw = fc.constantFrom(
      "{",
      "}",
      "{}}",
      '{"a":01}',
      '{"a":1,}',
      '{"a":1},"error":{}',
      '{"a":"}',
      "{{}",
    );
    const frames = fc.array(
      fc.oneof(
        fc.tuple(text, usage).map(([content, usage]) => frame(content, { usage, model: "m" })),
        fc.tuple(text, usage).map(([content, usage]) => frame(content, { model: "m", usage })),
        fc.tuple(text, usage).map(([content, usage]) => JSON.stringify({ usage, content, model: "m" })),
        raw.map((usage) => `{"id":"a","content":"token","usage":${usage},"model":"m"}`),
        text.map((content) => frame(content)),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(frames, (all) => {
        const given = [frame("token", { usage: { input: 1 }, model: "m" }), ...all];
        expect(readCounts(given)).toEqual(given.map(parsedCounts));
      }),
      { numRuns: 500 },
    );
  });

  it("spares the parser frames whose counts change", () => {
    const counted = (n: number) =>
      `{"content": "x", "usage": {"input": ${n}, "details": [{"of": {"n": 1}}]}, "model": "m"}`;
    expect(readAll([counted(1), counted(2), counted(30)], COUNTED).fitted).toBe(2);
    expect(readAll([counted(1), frame("x")], COUNTED).fitted).toBe(0);
  });

  it("learns nothing of a key that is there twice", () => {
    const twice = (content: string) => `{"content":"${content}","content":"last"}`;
    expect(readAll([twice("a"), twice("b")])).toEqual({ texts: ["last", "last"], fitted: 0 });
  });

  it("continues if the ends change sometimes, and stops learning if they always do", () => {
    const atTimes = Array.from({ length: 200 }, (_, i) => frame("x", { created: Math.floor(i / 20) }));
    expect(readAll(atTimes).fitted).toBe(190);
    let probed = 0;
    const template = new DeltaTemplate({
      ...SHAPE,
      decode: (value) => {
        probed++;
        return SHAPE.decode(value);
      },
    });
    for (let i = 0; i < 100; i++) {
      const data = frame("x", { created: i });
      if (template.text(data) === undefined) template.learn(data, tryParse(data));
    }
    expect(probed).toBeLessThan(10);
  });
});
