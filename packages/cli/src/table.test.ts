import { describe, expect, it } from "vitest";
import { formatTable } from "./table.js";

const columns = [{ heading: "name" }, { heading: "ms", right: true }, { heading: "why" }];

describe("formatTable", () => {
  it("aligns columns, numbers to the right, without trailing spaces", () => {
    const rows = [
      ["a", "5", "fine"],
      ["longer", "1200", ""],
    ];
    expect(formatTable(columns, rows, Number.POSITIVE_INFINITY)).toBe(
      ["name      ms  why", "a          5  fine", "longer  1200"].join("\n"),
    );
  });

  it("cuts the last column to the width, and never below 3 characters", () => {
    const rows = [["a", "5", "a reason that is long"]];
    expect(formatTable(columns, rows, 20).split("\n")[1]).toBe("a      5  a reason …");
    expect(formatTable(columns, rows, 3).split("\n")[1]).toBe("a     5  a …");
  });

  it("cuts the widest columns first, so that no line is longer than the terminal is wide", () => {
    const rows = [["groq/meta-llama/llama-4-maverick-17b", "5", "a reason that is rather long, too"]];
    for (const line of formatTable(columns, rows, 40).split("\n"))
      expect(line.length).toBeLessThanOrEqual(40);
    expect(formatTable(columns, rows, 40).split("\n")[1]).toBe("groq/meta-llama/…   5  a reason that is…");
  });

  it("counts no width for colours", () => {
    const red = "\u001b[31mred\u001b[39m";
    expect(formatTable(columns, [[red, "5", "x"]], 80).split("\n")[1]).toBe(`${red}    5  x`);
  });
});
