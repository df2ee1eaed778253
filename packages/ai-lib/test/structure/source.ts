import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Program, parseSync, Visitor, type VisitorObject } from "oxc-parser";

/** One file of the repository: its path from packages/ai-lib, with forward slashes, and its text. */
export interface Source {
  path: string;
  text: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Every file below a folder whose name ends in one of `endings`.
 * @throws if the folder does not exist: a check of no file checks nothing.
 */
export function readSources(folder: string, endings = [".ts"]): Source[] {
  return list(folder)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(root + path, "utf8") }));
}

/** Whether a file is a test, or helps tests. */
export function isTest(source: Source): boolean {
  return source.path.startsWith("test/") || source.path.endsWith(".test.ts");
}

const programs = new WeakMap<Source, Program>();

/**
 * Walks the syntax tree of a file.
 * @throws if the file does not parse.
 */
export function visit(source: Source, visitor: VisitorObject): void {
  const program = programs.get(source) ?? parse(source);
  programs.set(source, program);
  new Visitor(visitor).visit(program);
}

function parse(source: Source): Program {
  const { program, errors } = parseSync(source.path, source.text);
  const [error] = errors;
  if (error) throw new Error(`${source.path} does not parse: ${error.message}`);
  return program;
}

function list(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === "node_modules" ? [] : list(path);
      return [path];
    })
    .sort();
}
