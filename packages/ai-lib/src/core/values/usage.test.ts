import { expect, it } from "vitest";
import { tokensOf } from "./usage.js";

it.each([
  [0, 0],
  [1, 1],
  [4, 1],
  [5, 2],
  [4_000, 1_000],
])("%s characters are about %s tokens", (characters, tokens) => {
  expect(tokensOf(characters)).toBe(tokens);
});
