import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mutations } from "./mutations.js";

/** Seeds within which the fault simulation must find each of them. */
const SEEDS = 2_000;

const root = resolve(import.meta.dirname, "../../../..");
const run = promisify(execFile);
let built: string;

/** Seeds that broke a rule in a build, by the simulation's last line. */
async function simulate(dist: string, seeds: number): Promise<string> {
  const args = [
    "scripts/simulate-faults.mjs",
    "--dist",
    dist,
    "--seeds",
    String(seeds),
    "--stop-at-first",
    "--quiet",
  ];
  try {
    return (await run(process.execPath, args, { cwd: root, timeout: 240_000 })).stdout;
  } catch (error) {
    return `${(error as { stdout?: string }).stdout ?? ""}${(error as { stderr?: string }).stderr ?? ""}`;
  }
}

beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), "ai-lib-mutations-"));
  const tsc = join(root, "node_modules/.bin/tsc");
  await run(
    tsc,
    [
      "-p",
      "packages/ai-lib/tsconfig.build.json",
      "--emitDeclarationOnly",
      "false",
      "--outDir",
      join(built, "whole"),
    ],
    {
      cwd: root,
    },
  );
  // Where a build stands its packages are looked for.
  symlinkSync(join(root, "node_modules"), join(built, "node_modules"));
  writeFileSync(join(built, "package.json"), readFileSync(join(root, "packages/ai-lib/package.json")));
}, 240_000);

afterAll(() => rmSync(built, { recursive: true, force: true }));

describe("the rules of the fault simulation", () => {
  it("hold without a mutation", async () => {
    expect(await simulate(join(built, "whole"), 300)).toContain("0 broke a rule");
  }, 240_000);

  // Each runs in a process of its own, and the lane has a core for two of them (maxConcurrency).
  it.concurrent.each(mutations)(
    "find $what",
    async ({ what, file, anchor, instead }) => {
      const original = readFileSync(join(built, "whole", file), "utf8");
      expect(original.split(anchor).length - 1, `the anchor stands once in ${file}`).toBe(1);
      const mutant = join(built, what.replaceAll(/\W+/g, "-"));
      cpSync(join(built, "whole"), mutant, { recursive: true });
      writeFileSync(
        join(mutant, file),
        original.replace(anchor, () => instead),
      );
      expect(await simulate(mutant, SEEDS)).toContain("1 broke a rule");
      rmSync(mutant, { recursive: true, force: true });
    },
    300_000,
  );
});
