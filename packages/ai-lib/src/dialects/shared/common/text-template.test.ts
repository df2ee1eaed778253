import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { streamJson } from "./stream-json.js";
import { TextTemplate } from "./text-template.js";

describe("a template of events writes what JSON.stringify writes", () => {
  it("for any text and any event around it", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("[DONE]", '"', "\\", "\u2063text\u2063", "\ud800", "\n"),
    );
    fc.assert(
      fc.property(text, text, fc.array(text), (id, key, texts) => {
        const eventOf = (content: string) => ({
          id,
          [key]: 1,
          choices: [{ delta: { content }, [key]: id }],
          n: null,
        });
        const template = new TextTemplate(eventOf);
        for (const one of texts) expect(template.json(one)).toBe(streamJson(eventOf(one)));
      }),
    );
  });

  it("if the event has no place for the text", () => {
    expect(new TextTemplate(() => ({ fixed: true })).json("a")).toBe('{"fixed":true}');
  });

  it("and encodes the event once", () => {
    let times = 0;
    const template = new TextTemplate((content) => ({ times: times++, content }));
    expect([template.json("a"), template.json("b")]).toEqual([
      '{"times":0,"content":"a"}',
      '{"times":0,"content":"b"}',
    ]);
  });
});
