import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { REACTIONS } from "ai-lib";
import { describe, expect, it, vi } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = resolve(root, "dist-docs/blocks");
const pages = ["README.md", "examples/README.md", ...markdown("docs")];
/** Written by `npm run docs`; their declarations are no programs, but the examples among them are. */
const reference = markdown("docs/api");

function markdown(path: string): string[] {
  const files = readdirSync(resolve(root, path)).filter((file) => file.endsWith(".md"));
  return files.map((file) => `${path}/${file}`);
}

/** What a block may speak of without saying where it comes from. All else it has to import or make. */
const CONTEXT = `
declare const client: import("ai-lib").AiClient;
declare const groq: import("ai-lib").ChatProvider;
declare const openai: import("ai-lib").ChatProvider;
declare const anthropic: import("ai-lib").ChatProvider;
declare const messages: import("ai-lib").Message[];
`;

/** What the examples in doc comments may speak of besides, and every exported name. */
const REFERENCE_CONTEXT = `
declare const labs: import("ai-lib").ChatProvider;
declare const claude: import("ai-lib").ChatProvider;
declare const history: import("ai-lib").Message[];
declare const createServer: typeof import("node:http").createServer;
declare function pino(): import("ai-lib/logs").Logger;
declare function test(name: string, run: () => Promise<void>): void;
`;

interface Block {
  readonly page: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The example that it quotes, where a comment above it names one. */
  readonly quotes: string | undefined;
}

function read(path: string): string {
  return readFileSync(resolve(root, path), "utf8");
}

function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = read(page).split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, language] = /^```(\S+)/.exec(lines[at] ?? "") ?? [];
    if (language === undefined) continue;
    const [, quotes] = /^<!-- (examples\/\S+) -->$/.exec(lines[at - 1] ?? "") ?? [];
    const end = lines.indexOf("```", at);
    if (end < 0) throw new Error(`${page}:${at + 1}: a block without an end`);
    blocks.push({ page, line: at + 2, language, code: lines.slice(at + 1, end).join("\n"), quotes });
    at = end;
  }
  return blocks;
}

const blocks = pages.flatMap(blocksOf);
const compiled = blocks.filter(({ language }) => language === "ts");

/** Where a block is written to be compiled. */
function fileOf({ page, line }: Block): string {
  return resolve(folder, `${page.replace(/\W/g, "-")}-${line}.ts`);
}

/** A block of the reference that shows a declaration begins with where to import it from. */
const DECLARATION = /^import (type )?\{ (\w+) \} from "([^"]+)";\n\n/;

/** Imports of the exported names that an example speaks of and does not declare. */
function importsFor(code: string): string {
  const lines: string[] = [];
  for (const { code: declaration } of reference.flatMap(blocksOf)) {
    const [line, , name] = DECLARATION.exec(declaration) ?? [];
    if (line === undefined || name === undefined) continue;
    if (new RegExp(`\\b${name}\\b`).test(code) && !new RegExp(`(const|let) ${name}\\b`).test(code))
      lines.push(line.trim());
  }
  return lines.join("\n");
}

/** What the compiler has to say of the blocks. */
function typeErrors(): string {
  const settings = { extends: "../../tsconfig.json", include: ["."], exclude: [] };
  writeFileSync(resolve(folder, "tsconfig.json"), JSON.stringify(settings));
  const tsc = resolve(root, "node_modules/typescript/bin/tsc");
  const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  return status === 0 ? stdout : `${stdout}\nended with ${status}`;
}

/** GitHub's name of a heading. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

function anchors(path: string): string[] {
  return [...read(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => slug(heading ?? ""));
}

describe("the documentation", () => {
  it("has TypeScript that compiles, every block of it", { timeout: 120_000 }, () => {
    expect(compiled.length).toBeGreaterThan(10);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(resolve(folder, "context.d.ts"), CONTEXT + REFERENCE_CONTEXT);
    for (const block of compiled) {
      // Blank lines before it, so that an error names the line of the page.
      writeFileSync(fileOf(block), `${"\n".repeat(block.line - 1)}${block.code}\nexport {};\n`);
    }
    const examples = reference
      .flatMap(blocksOf)
      .filter(({ language, code }) => language === "typescript" && !DECLARATION.test(code));
    expect(examples.length).toBeGreaterThan(10);
    for (const block of examples)
      writeFileSync(fileOf(block), `${importsFor(block.code)}\n${block.code}\nexport {};\n`);
    expect(typeErrors()).toBe("");
  });

  // Those for a test runner of their own are left to it.
  it.each(compiled.filter(({ page, code }) => page === "docs/testing.md" && !code.includes("node:test")))(
    "has a block at line $line of $page that runs and prints what it says it prints",
    async (block) => {
      const log = vi.spyOn(console, "log").mockImplementation(() => {});
      await import(fileOf(block));
      const printed = log.mock.calls.map((words) => words.join(" "));
      log.mockRestore();
      for (const [, said] of block.code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm))
        expect(printed).toContain(said);
    },
  );

  it("names a language for every block", () => {
    const known = ["ts", "js", "python", "sh", "yaml", "json", "text"];
    expect(blocks.filter(({ language }) => !known.includes(language))).toEqual([]);
    for (const page of pages) {
      const fences = read(page).match(/^```/gm) ?? [];
      expect([page, fences.length]).toEqual([page, 2 * blocksOf(page).length]);
    }
  });

  it("has the table of errors that the code acts on; else run `npm run docs`", async () => {
    const { errorsPage } = await import(
      new URL("../../../scripts/docs/errors-page.mjs", import.meta.url).href
    );
    const page = read("docs/errors.md");
    expect(errorsPage(REACTIONS, page)).toBe(page);
    expect(errorsPage({ ...REACTIONS, TIMEOUT: REACTIONS.RATE_LIMIT }, page)).not.toBe(page);
  });

  it("quotes examples as they stand", () => {
    const quoting = blocks.filter(({ quotes }) => quotes !== undefined);
    expect(quoting.length).toBeGreaterThan(0);
    for (const { quotes, code } of quoting) expect(`${code}\n`).toBe(read(quotes ?? ""));
  });

  it.each([...pages, ...reference])("%s leads only to what is there", (page) => {
    const broken: string[] = [];
    for (const [, link] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (link === undefined || /^[a-z]+:/.test(link)) continue;
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : resolve(root, dirname(page), path);
      if (!existsSync(resolve(root, target))) broken.push(link);
      else if (anchor !== undefined && target.endsWith(".md") && !anchors(target).includes(anchor))
        broken.push(link);
    }
    expect(broken).toEqual([]);
  });

  it("is all in README's table, and every example in that of the examples", () => {
    const readme = read("README.md");
    expect(markdown("docs").filter((page) => !readme.includes(`](${page})`))).toEqual([]);
    const table = read("examples/README.md");
    const examples = readdirSync(resolve(root, "examples")).filter((file) => /^\d\d-/.test(file));
    expect(examples.filter((file) => !table.includes(`](${file})`))).toEqual([]);
  });
});
