import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadDialects, lostFields } from "./lost-fields.js";

const folder = new URL("../../src/dialects/", import.meta.url);
const dialects = await loadDialects();

it("looks at every dialect", () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory());
  const ids = folders.map(({ name }) => name).filter((name) => name !== "shared");
  expect(dialects.map(({ id }) => id).sort()).toEqual(ids.sort());
});

describe("a reply that is relayed from one dialect to another", () => {
  const pairs = dialects.flatMap((from) => dialects.map((to) => [from, to] as const));
  it.each(pairs.map(([from, to]) => [from.id, to.id, from, to] as const))(
    "keeps its text, calls, finish reason and token totals: %s to %s",
    (_from, _to, from, to) => {
      const kept = ["text", "calls", "finish reason", "input and output tokens"];
      const lost = lostFields(from, to);
      expect(kept.filter((name) => lost.some((one) => one.startsWith(name)))).toEqual([]);
    },
  );
});

it.each(dialects)("$id is held to the laws", ({ id }) => {
  expect(existsSync(new URL(`${id}/laws.test.ts`, folder))).toBe(true);
});
