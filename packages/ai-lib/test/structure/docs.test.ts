import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { REACTIONS } from "ai-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_TIMEOUTS, PRODUCTION_TIMEOUTS } from "../../src/core/contract/timeouts.js";
import { blocksOf, fileNameOf, markdown, read, root } from "./blocks.js";

const pages = [
  "README.md",
  "examples/README.md",
  ...markdown("docs"),
  ...markdown("docs/kinds"),
  ...markdown("docs/decisions"),
];
/** Written by `npm run generate`; their declarations are no programs, but the examples among them are. */
const reference = markdown("docs/api");

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

const blocks = pages.flatMap(blocksOf);
const compiled = blocks.filter(({ language }) => language === "ts");

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

/** A folder of this run alone, so that two runs can share the repository. */
let folder: string;
beforeAll(() => {
  mkdirSync(resolve(root, "dist-docs"), { recursive: true });
  folder = mkdtempSync(resolve(root, "dist-docs/blocks-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the documentation", () => {
  it("has TypeScript that compiles, every block of it", { timeout: 120_000 }, () => {
    expect(compiled.length).toBeGreaterThan(10);
    writeFileSync(resolve(folder, "context.d.ts"), CONTEXT + REFERENCE_CONTEXT);
    for (const block of compiled) {
      // Blank lines before it, so that an error names the line of the page.
      writeFileSync(
        resolve(folder, fileNameOf(block)),
        `${"\n".repeat(block.line - 1)}${block.code}\nexport {};\n`,
      );
    }
    const examples = reference
      .flatMap(blocksOf)
      .filter(({ language, code }) => language === "typescript" && !DECLARATION.test(code));
    expect(examples.length).toBeGreaterThan(10);
    for (const block of examples)
      writeFileSync(
        resolve(folder, fileNameOf(block)),
        `${importsFor(block.code)}\n${block.code}\nexport {};\n`,
      );
    expect(typeErrors()).toBe("");
  });

  it("names a language for every block", () => {
    const known = ["ts", "js", "python", "sh", "yaml", "json", "text"];
    expect(blocks.filter(({ language }) => !known.includes(language))).toEqual([]);
    for (const page of pages) {
      const fences = read(page).match(/^```/gm) ?? [];
      expect([page, fences.length]).toEqual([page, 2 * blocksOf(page).length]);
    }
  });

  it("has the table of errors that the code acts on; else run `npm run generate`", async () => {
    const { errorsPage } = await import(
      new URL("../../../../scripts/generate/errors-page.mjs", import.meta.url).href
    );
    const page = read("docs/errors.md");
    expect(errorsPage(REACTIONS, page)).toBe(page);
    expect(errorsPage({ ...REACTIONS, TIMEOUT: REACTIONS.RATE_LIMIT }, page)).not.toBe(page);
  });

  it("has the table of timeouts that calls have; else run `npm run generate`", async () => {
    const { timeoutsPage } = await import(
      new URL("../../../../scripts/generate/timeouts-page.mjs", import.meta.url).href
    );
    const [page, tables] = [
      read("docs/defaults.md"),
      { defaults: DEFAULT_TIMEOUTS, production: PRODUCTION_TIMEOUTS },
    ];
    expect(timeoutsPage(tables, page)).toBe(page);
    expect(timeoutsPage({ ...tables, production: { idleMs: 1_000 } }, page)).not.toBe(page);
  });

  it("quotes examples unchanged", () => {
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
    const listed = [...markdown("docs"), ...markdown("docs/kinds")];
    expect(listed.filter((page) => !readme.includes(`](${page})`))).toEqual([]);
    const table = read("examples/README.md");
    const examples = readdirSync(resolve(root, "examples")).filter((file) => /^\d\d-/.test(file));
    expect(examples.filter((file) => !table.includes(`](${file})`))).toEqual([]);
  });
});
