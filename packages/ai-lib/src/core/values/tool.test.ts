import { describe, expect, it } from "vitest";
import { toolCallOf } from "../kinds/chat/tool-call.js";
import { toolResult } from "./tool.js";

describe("a tool call from raw text", () => {
  it.each([undefined, "", "  \n", "null", " null "])("takes no arguments if the text is %j", (text) => {
    expect(toolCallOf("1", "f", text).arguments).toEqual({});
  });
  it("has its arguments parsed, blanks around them left out", () => {
    expect(toolCallOf("1", "f", ' {"a":0} ')).toEqual({
      type: "tool-call",
      id: "1",
      name: "f",
      arguments: { a: 0 },
    });
  });
  it("keeps text that is not a JSON object as it arrived", () => {
    expect(toolCallOf("1", "f", ' {"a":')).toEqual({
      type: "tool-call",
      id: "1",
      name: "f",
      argumentsText: ' {"a":',
    });
  });
});

describe("a tool's result", () => {
  const image = { type: "image" as const, data: "AAAA", mediaType: "image/png" };
  it.each([
    ["text", "text"],
    ["", ""],
    [0, "0"],
    [false, "false"],
    [null, "null"],
    [undefined, "null"],
    [() => 1, "null"],
    [{ a: 0 }, '{"a":0}'],
    [[], "[]"],
    [[1], "[1]"],
    [[image], [image]],
    [[image, 1], JSON.stringify([image, 1])],
  ])("of %j is %j for the model", (value, content) => {
    expect(toolResult({ id: "1", name: "f" }, value)).toEqual({
      type: "tool-result",
      id: "1",
      name: "f",
      content,
    });
  });
  it("says whether it is an error if that was said", () => {
    expect(toolResult({ id: "1", name: "f" }, "x", { isError: false }).isError).toBe(false);
    expect(toolResult({ id: "1", name: "f" }, "x", { isError: true }).isError).toBe(true);
  });
});
