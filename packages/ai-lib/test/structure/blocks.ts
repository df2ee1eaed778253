import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** A fenced block of code of a page. */
export interface Block {
  readonly page: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The example that it quotes, if a comment above it names one. */
  readonly quotes: string | undefined;
}

/** The Markdown pages of a folder, by path from the root. */
export function markdown(folder: string): string[] {
  const files = readdirSync(resolve(root, folder)).filter((file) => file.endsWith(".md"));
  return files.map((file) => `${folder}/${file}`);
}

/** The text of a file of the repository. */
export function read(path: string): string {
  return readFileSync(resolve(root, path), "utf8");
}

/**
 * The fenced blocks of a page.
 * @throws if a block has no end.
 */
export function blocksOf(page: string): Block[] {
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

/** The name of the file that a block is written to. */
export function fileNameOf({ page, line }: Block): string {
  return `${page.replace(/\W/g, "-")}-${line}.ts`;
}
