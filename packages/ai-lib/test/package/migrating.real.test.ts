import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Block, blocksOf, fileNameOf, root } from "../structure/blocks.js";

/** Programs of other libraries that the page shows, each followed by the same program on ours. */
const FOREIGN = /^import .* from "(openai|ai|@ai-sdk\/\w+|@langchain\/[\w/]+)";$/m;

const blocks = blocksOf("docs/migrating.md").filter(({ language }) => language === "ts");
const pairs = blocks.flatMap((before, i): [Block, Block][] => {
  const after = blocks[i + 1];
  return FOREIGN.test(before.code) && after !== undefined ? [[before, after]] : [];
});

const lines = ({ code }: Block) => code.split("\n").filter((line) => line.trim() !== "").length;

let folder: string;
let simulator: Simulator;
beforeAll(async () => {
  mkdirSync(resolve(root, "dist-docs"), { recursive: true });
  folder = mkdtempSync(resolve(root, "dist-docs/migrating-"));
  simulator = await startSimulator();
  vi.stubEnv("OPENAI_API_KEY", "simulated");
  vi.stubEnv("OPENAI_BASE_URL", `${simulator.baseUrl("openai")}/v1`);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program and returns what it printed. */
async function run(block: Block): Promise<string> {
  const file = resolve(folder, fileNameOf(block));
  writeFileSync(file, block.code);
  let printed = "";
  const log = vi.spyOn(console, "log").mockImplementation((...words) => {
    printed += `${words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" ")}\n`;
  });
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    await import(file);
  } finally {
    log.mockRestore();
    write.mockRestore();
  }
  return printed;
}

/** What depends on who counts: tokens, and what a title is. */
const words = (printed: string) => printed.replaceAll(/\d+/g, "n").trim();

it("shows the programs that others begin with", () => {
  const names = pairs.map(([{ code }]) => code).join("\n");
  for (const name of [
    ...["chat.completions.create", "generateText", "streamText", "generateObject", "ToolLoopAgent"],
    ...["withStructuredOutput", "bindTools"],
  ])
    expect(names).toContain(name);
});

describe.each(pairs)("the program at line $line", (before, after) => {
  it("does the same on ours, against the simulator", { timeout: 30_000 }, async () => {
    const [theirs, ours] = [await run(before), await run(after)];
    expect(words(theirs)).not.toBe("");
    expect(words(ours)).toBe(words(theirs));
  });

  it("is not longer on ours, in lines and in characters", () => {
    expect(lines(after)).toBeLessThanOrEqual(lines(before));
    expect(after.code.length).toBeLessThanOrEqual(before.code.length);
  });
});
