import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextJoin } from "./text-join.js";

/** The text that a caller has after a rest came in pieces. */
function joined(delivered: string, pieces: readonly string[]): string {
  const join = new TextJoin(delivered);
  return delivered + pieces.map((piece) => join.push(piece)).join("") + join.flush();
}

describe("the rest of a text is joined", () => {
  it.each([
    ["as it is", "The sky", " is blue", "The sky is blue"],
    ["within a word", "The sk", "y is blue", "The sky is blue"],
    ["without a word that is written again", "The sky is", " is blue", "The sky is blue"],
    [
      "without words that are written again",
      "Why is the sky blue?",
      " the sky blue? Light.",
      "Why is the sky blue? Light.",
    ],
    ["without the beginning of a word that is written again", "The sk", "sky is blue", "The sky is blue"],
    ["with another word of the same beginning", "I have a", " apple", "I have a apple"],
    ["without doubled spaces", "The sky ", " is blue", "The sky is blue"],
    ["without a doubled word behind a space", "The sky ", "sky is blue", "The sky is blue"],
    ["with the line that follows", "One.\n", "\n\nTwo.", "One.\n\nTwo."],
    ["with an indentation", "if (x)\n  ", "\n  return", "if (x)\n  return"],
    ["with a number that goes on", "It costs 1", "100", "It costs 1100"],
    ["with a number that repeats", "1 1", " 1 2", "1 1 1 2"],
    ["with a rest that repeats everything and ends", "Yes", "Yes", "Yes"],
    ["with no rest", "The sky", "", "The sky"],
  ])("%s", (_what, delivered, rest, whole) => {
    expect(joined(delivered, [rest])).toBe(whole);
    expect(joined(delivered, [...rest])).toBe(whole);
  });

  it("in the same way, however it is cut into pieces", () => {
    const words = fc.array(fc.constantFrom("a", "sky", "sk", " ", "\n", "1", "blue", "."), { maxLength: 12 });
    fc.assert(
      fc.property(words, words, fc.array(fc.nat(6)), (before, after, cuts) => {
        const [delivered, rest] = [before.join(""), after.join("")];
        const pieces: string[] = [];
        let from = 0;
        for (const cut of [...cuts, rest.length]) {
          pieces.push(rest.slice(from, from + cut));
          from += cut;
        }
        expect(joined(delivered, pieces)).toBe(joined(delivered, [rest]));
      }),
      { numRuns: 500 },
    );
  });
});
