import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { configError } from "../config-error.js";
import { importFile } from "../import-file.js";
import type { Path } from "./problems.js";

/** A configuration file, read and not yet checked. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** Changes with the text of the file. */
  readonly revision: string;
  /** The line of a place; undefined where lines are not known, as in code. */
  lineOf(path: Path): number | undefined;
}

/** Bytes that a file may have. */
const MAX_BYTES = 4 * 1024 * 1024;

const CODE: ReadonlySet<string> = new Set([".ts", ".mts", ".js", ".mjs"]);

/**
 * Reads a file: YAML, JSON, or code whose `config` or default export is the configuration. TypeScript is read by Node
 * itself, from 22.18 on.
 * @throws {AiLibError} `CONFIG_ERROR` for a file that cannot be read or parsed, with its line.
 */
export async function readSource(file: string): Promise<Source> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw configError(`${file} cannot be read: ${error.code ?? error.message}`);
  });
  if (text.length > MAX_BYTES) throw configError(`${file} is longer than ${MAX_BYTES} bytes`);
  const revision = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return CODE.has(extname(file)) ? readCode(file, revision) : parseText(file, text, revision);
}

/** Parses YAML; JSON is YAML. */
export function parseText(file: string, text: string, revision: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line } = lines.linePos(problem.pos[0]);
    throw configError(`${file}:${line}: ${problem.message.split("\n")[0]}`);
  }
  const root = document.contents;
  let value: unknown;
  try {
    // Anchors that repeat each other could make a small file huge.
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw configError(`${file}: ${(error as Error).message}`);
  }
  return {
    file,
    value: value ?? {},
    revision,
    lineOf: (path) => {
      const offset = offsetOf(root, path);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

/** Where a place begins; that of the nearest place around it, where it is absent. */
function offsetOf(root: unknown, path: Path): number | undefined {
  let node = root;
  let offset = (root as Node | null)?.range?.[0];
  for (const step of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!isPair(pair)) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      next = pair.value;
    } else if (isSeq(node)) {
      next = node.items[Number(step)];
      offset = (next as Node | undefined)?.range?.[0] ?? offset;
    } else break;
    node = next;
  }
  return offset;
}

async function readCode(file: string, revision: string): Promise<Source> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await importFile(file, revision);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_UNKNOWN_FILE_EXTENSION")
      throw configError(
        `${file}: Node ${process.versions.node} does not read TypeScript; use Node 22.18 or later, or a file .mjs or .yaml`,
      );
    throw configError(`${file} failed: ${message}`);
  }
  const value = module["config"] ?? module["default"];
  if (value === undefined) throw configError(`${file} exports no \`config\``);
  return { file, value, revision, lineOf: () => undefined };
}
