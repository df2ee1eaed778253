import { describe, expect, it } from "vitest";
import type { ContentPart } from "../../values/message.js";
import { replayEvents } from "./replay.js";

const typesOf = (...content: ContentPart[]) => replayEvents(content, {}).map(({ type }) => type);

describe("a whole reply as events", () => {
  it("begins with the known facts only", () => {
    expect(replayEvents([], { id: "1", model: "m", provider: "p" })).toEqual([
      { type: "start", id: "1", model: "m", provider: "p" },
    ]);
    expect(replayEvents([], {})).toEqual([{ type: "start" }]);
  });

  it("has no empty deltas", () => {
    for (const type of ["text", "reasoning", "refusal"] as const)
      expect(typesOf({ type, text: "" })).toEqual(["start", "part-start", "part-end"]);
    expect(typesOf({ type: "text", text: "", logprobs: [] })).toContain("text-delta");
  });

  it("passes raw arguments on as they are, and missing ones as an empty object", () => {
    const delta = (part: Partial<ContentPart>) =>
      replayEvents([{ type: "tool-call", id: "1", name: "f", ...part } as ContentPart], {}).find(
        ({ type }) => type === "tool-call-delta",
      );
    expect(delta({ argumentsText: '{"a' })).toMatchObject({ text: '{"a' });
    expect(delta({ argumentsText: "" })).toBeUndefined();
    expect(delta({ arguments: { a: 0 } })).toMatchObject({ text: '{"a":0}' });
    expect(delta({})).toMatchObject({ text: "{}" });
  });

  it("reports opaque state at the part's end", () => {
    const origin = { family: "f", data: {} };
    expect(replayEvents([{ type: "text", text: "a", origin }], {}).at(-1)).toEqual({
      type: "part-end",
      index: 0,
      origin,
    });
  });

  it("emits parts whole that no delta can carry", () => {
    expect(typesOf({ type: "text", text: "a", cache: {} })).toEqual(["start", "part"]);
    expect(typesOf({ type: "source", url: "https://example.com" })).toEqual(["start", "part"]);
  });
});
