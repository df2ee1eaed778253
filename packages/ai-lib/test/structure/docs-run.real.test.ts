import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { blocksOf, fileNameOf, markdown, root } from "./blocks.js";

const blocks = ["docs/testing.md", "docs/serving.md", ...markdown("docs/kinds"), "docs/neighbours.md"]
  .flatMap(blocksOf)
  .filter(
    // A block that needs another test runner, or records real providers, cannot run here.
    ({ language, code }) => language === "ts" && !code.includes("node:test") && !code.includes("recorded("),
  );

let folder: string;
beforeAll(() => {
  mkdirSync(resolve(root, "dist-docs"), { recursive: true });
  folder = mkdtempSync(resolve(root, "dist-docs/run-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(blocks)("the block at line $line of $page runs and prints what its comments say", async (block) => {
  const file = resolve(folder, fileNameOf(block));
  writeFileSync(file, block.code);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  await import(file);
  const printed = log.mock.calls.map((words) => words.join(" "));
  log.mockRestore();
  for (const [, said] of block.code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm))
    expect(printed).toContain(said);
});
