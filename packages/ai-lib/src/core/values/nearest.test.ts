import { expect, it } from "vitest";
import { nearest } from "./nearest.js";

const known = ["groq", "grok", "azure-openai", "openai", "llama-3.3-70b-versatile", "mistral"];

it.each([
  ["grog", ["groq", "grok"]],
  ["OpenAI", ["openai", "azure-openai"]],
  ["llama-3.3-70b", ["llama-3.3-70b-versatile"]],
  ["mistrall", ["mistral"]],
  ["something-else", []],
  ["", []],
])("%j is taken for %j", (name, meant) => {
  expect(nearest(name, known)).toEqual(meant);
});

it("returns the nearest first, and no more than requested", () => {
  expect(nearest("gork", ["groq", "gork", "grok"], 2)).toEqual(["gork", "grok"]);
  expect(nearest("a", ["b", "c", "d", "e"])).toHaveLength(3);
  expect(nearest("x", [])).toEqual([]);
});
