import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8");
const readme = read("README.md");
const results = read("bench/RESULTS.md");

/** The number of a claim in the README. */
function claim(pattern: RegExp): number {
  const found = pattern.exec(readme)?.[1];
  if (found === undefined) throw new Error(`README.md has no claim like ${pattern}`);
  return Number(found);
}

/** The cells of the rows of a table under a heading of the results. */
function rowsUnder(heading: string): string[][] {
  const from = results.indexOf(`### ${heading}`);
  if (from === -1) throw new Error(`bench/RESULTS.md has no section "${heading}"`);
  const [section = ""] = results.slice(from + 4).split("\n### ", 1);
  return section
    .split("\n")
    .filter((line) => line.startsWith("| ") && /\d/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
}

/** The ratios of the full stack by what is measured. */
const stack = rowsUnder("Beside node:http alone").map(([, what = "", , , ratio = ""]) => ({
  what,
  ratio: Number.parseFloat(ratio),
}));

describe("the README's claims on speed", () => {
  it.each([
    ["a chunk", claim(/a streamed chunk takes at most ([\d.]+) times/)],
    ["a whole answer", claim(/a whole answer at most ([\d.]+) times/)],
  ])("hold for %s in the results", (start, most) => {
    const ratios = stack.filter(({ what }) => what.startsWith(start)).map(({ ratio }) => ratio);
    expect(ratios).not.toEqual([]);
    expect(Math.max(...ratios)).toBeLessThanOrEqual(most);
  });

  it("hold for the other clients in the results", () => {
    const least = claim(
      /The other clients that we measured take at least ([\d.]+) times the time of the floor/,
    );
    const headings = [...results.matchAll(/^### (\w+: .*\(us CPU per (?:call|chunk)\))$/gm)].map(
      ([, heading = ""]) => heading,
    );
    expect(headings.length).toBeGreaterThan(10);
    for (const heading of headings)
      for (const [, client = "", , , ratio = ""] of rowsUnder(heading))
        if (!/^floor|ai-lib|aiFetch/.test(client))
          expect(Number(ratio), `${client}, ${heading}`).toBeGreaterThanOrEqual(least);
  });
});
