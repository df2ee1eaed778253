import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "fixtures/exchanges");

function lines(name: string): Record<string, unknown>[] {
  const text = readFileSync(join(folder, name), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const files = readdirSync(join(folder, "data"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".json"))
  .map((file) => `data/${file.replaceAll("\\", "/")}`);

describe("the hand-made exchanges", () => {
  it("are all in the index, which says of each what its file says", () => {
    const index = lines("INDEX.jsonl");
    expect(index.map(({ file }) => file).sort()).toEqual(files.sort());
    for (const { file, status, ...entry } of index) {
      const exchange = JSON.parse(readFileSync(join(folder, String(file)), "utf8"));
      expect(exchange).toMatchObject({ ...entry, response: { status } });
    }
  });

  it("all have an expected result", () => {
    const expected = lines("expected.jsonl").map(({ id }) => `${id}.json`);
    expect(expected.sort()).toEqual(files.map((file) => file.split("/").at(-1)).sort());
  });

  it("show for each API a whole answer, a stream, tool calls, an error, and an error inside a reply", () => {
    const key = new Map(lines("expected.jsonl").map((line) => [line["id"], line]));
    const kinds = new Map<unknown, Set<string>>();
    for (const { id, api, stream } of lines("INDEX.jsonl")) {
      const { outcome, toolCalls, error } = key.get(id) as {
        outcome: string;
        toolCalls: unknown[] | null;
        error: { inBand: boolean } | null;
      };
      const found = kinds.get(api) ?? new Set();
      kinds.set(api, found);
      if (outcome === "response") found.add(stream ? "stream" : "whole");
      if (toolCalls !== null && toolCalls.length > 0) found.add("tool calls");
      if (error !== null) found.add(error.inBand ? "error inside" : "error");
    }
    const all = ["error", "error inside", "stream", "tool calls", "whole"];
    expect([...kinds].map(([api, found]) => [api, [...found].sort()])).toEqual(
      [...kinds.keys()].map((api) => [api, all]),
    );
    expect(kinds.size).toBe(8);
  });
});
