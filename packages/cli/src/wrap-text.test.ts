import { expect, it } from "vitest";
import { wrapText } from "./wrap-text.js";

it.each([
  ["a short line", 20, "a short line"],
  ["one two three four", 9, "one two\nthree\nfour"],
  ["\u001b[31mone\u001b[39m two three", 7, "\u001b[31mone\u001b[39m two\nthree"],
  ["a-word-that-is-too-long for it", 10, "a-word-that-is-too-long\nfor it"],
  ["Do this:\n  ai-lib keys set groq", 10, "Do this:\n  ai-lib keys set groq"],
  ["one two three four", Number.POSITIVE_INFINITY, "one two three four"],
])("breaks %j at %d columns between words", (text, width, wrapped) => {
  expect(wrapText(text, width)).toBe(wrapped);
});
