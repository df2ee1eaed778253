import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");

const refused = {
  "Date.now": "export const a = Date.now();",
  "Date.now, not called": "export const a = { now: Date.now };",
  "Date as a function": "export const a = Date();",
  "new Date() without arguments": "export const a = new Date();",
  "performance.now": "export const a = performance.now();",
  setTimeout: "export const a = setTimeout(() => {}, 1);",
  setInterval: "export const a = setInterval(() => {}, 1);",
  setImmediate: "export const a = setImmediate(() => {});",
  "setTimeout of globalThis": "export const a = globalThis.setTimeout;",
  "timers by import":
    'import { setTimeout as after } from "node:timers/promises";\n\nexport const a = after;',
  "Math.random": "export const a = Math.random();",
  "Math.random, not called": "export const a = [1].map(Math.random);",
  "Math.random, taken apart": "export const { random } = Math;",
  "crypto.randomUUID": "export const a = crypto.randomUUID();",
  "randomUUID by import": 'import { randomUUID } from "node:crypto";\n\nexport const a = randomUUID;',
  "AbortSignal.timeout": "export const a = AbortSignal.timeout(3);",
  any: "export const a = (b: any) => b;",
  "a non-null assertion": "export const a = (b: { c?: string }) => b.c!;",
  "a default export": "export default 1;",
};

const allowed = `export const a = new Date(0);
export const b = (clock: { now(): number }) => new Date(clock.now());
export const c = (socket: { setTimeout(ms: number): void }) => socket.setTimeout(3);
export const d = (context: { random(): number }) => Math.floor(context.random() * 3);
`;
const ambient = "export const a = [Date.now(), setTimeout(() => {}, 1), Math.random()];\n";

describe("the linter", () => {
  let folder: string;
  let caught: Set<string>;

  const fileOf = (what: string) => `packages/a/src/${what.replace(/\W+/g, "-")}.ts`;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "ai-lib-lint-")));
    for (const path of ["biome.json", "lint", ".gitignore"]) {
      await cp(join(root, path), join(folder, path), { recursive: true });
    }
    const files: Record<string, string> = { "packages/a/src/allowed.ts": allowed };
    for (const [what, text] of Object.entries(refused)) files[fileOf(what)] = `${text}\n`;
    for (const path of [
      "packages/ai-lib/src/core/contract/clock.ts",
      "packages/a/src/a.test.ts",
      "packages/a/test/a.ts",
      "scripts/a.ts",
      "bench/a.ts",
    ]) {
      files[path] = ambient;
    }
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    caught = await lint(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(Object.keys(refused))("refuses %s", (what) => expect(caught).toContain(fileOf(what)));
  it("lets alone what takes time and randomness from the context", () => {
    expect(caught).not.toContain("packages/a/src/allowed.ts");
  });
  it.each([
    "packages/ai-lib/src/core/contract/clock.ts",
    "packages/a/src/a.test.ts",
    "packages/a/test/a.ts",
    "scripts/a.ts",
    "bench/a.ts",
  ])("lets %s ask the machine", (path) => expect(caught).not.toContain(path));
});

/** The files in which the linter finds an error. */
async function lint(folder: string): Promise<Set<string>> {
  const args = [biome, "lint", "--reporter=github", "--max-diagnostics=200", "--diagnostic-level=error"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? "" }),
  );
  const named = [...stdout.matchAll(/^::error .*?file=([^,]+),/gm)].map((match) => match[1] ?? "");
  return new Set(named.map((path) => relative(folder, resolve(folder, path))));
}
