import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { AiLibError, type BatchRow } from "ai-lib";
import { parse } from "csv-parse";
import { usageError } from "../errors.js";
import type { Io } from "../io.js";
import { isObject, tryParse } from "../json.js";

/** How rows are read. */
export interface RowOptions {
  /** JSON lines, or CSV with a first line of names. */
  readonly format: "jsonl" | "csv";
  /** The kind of rows that name none. */
  readonly kind: string | undefined;
  /** A prompt in which `{name}` represents a field of the row. */
  readonly prompt: string | undefined;
}

/** The rows of a file, or of standard input for `-`, one by one. */
export async function* readRows(io: Io, path: string, options: RowOptions): AsyncGenerator<BatchRow> {
  const source = path === "-" ? (io.stdin as Readable) : createReadStream(path);
  const records = options.format === "csv" ? csvRecords(source) : jsonRecords(source);
  for await (const { line, value } of records) yield rowOf(value, line, options);
}

/** @throws {AiLibError} `FILE_ERROR` for a path that is no file, before anything is stored. */
export async function checkFile(path: string): Promise<void> {
  if (path === "-") return;
  try {
    if ((await stat(path)).isFile()) return;
  } catch (error) {
    throw fileError(`${path} cannot be read: ${(error as Error).message}`);
  }
  throw fileError(`${path} is no file`);
}

/** A value and the line that it ends in. */
interface Recorded {
  readonly line: number;
  readonly value: unknown;
}

async function* jsonRecords(source: Readable): AsyncGenerator<Recorded> {
  let line = 0;
  for await (const text of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === "") continue;
    const value = tryParse(text);
    if (value === undefined)
      throw fileError(`Line ${line} is no JSON; for CSV, name the file .csv or pass --csv`);
    yield { line, value };
  }
}

async function* csvRecords(source: Readable): AsyncGenerator<Recorded> {
  const parser = source.pipe(parse({ columns: true, bom: true, skip_empty_lines: true, info: true }));
  source.on("error", (error) => parser.destroy(error));
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number };
      record: unknown;
    }>)
      yield { line: info.lines, value: record };
  } catch (error) {
    throw fileError(`The CSV cannot be read: ${(error as Error).message}`);
  }
}

/** A row of a value: a prompt, fields for the prompt, a request, or a row as the library takes it. */
function rowOf(value: unknown, line: number, { kind = "chat", prompt }: RowOptions): BatchRow {
  if (prompt !== undefined) return { ...idOf(value), request: filled(prompt, value, line) };
  if (typeof value === "string") return { request: value };
  if (!isObject(value)) throw fileError(`Line ${line} is neither a text nor an object`);
  const { id, custom_id, kind: own = kind, request, ...rest } = value;
  const named = idOf({ id, custom_id });
  if (request !== undefined) return { ...named, kind: own, request } as unknown as BatchRow;
  if (own === "chat" && typeof rest["prompt"] === "string") return { ...named, request: rest["prompt"] };
  if (own !== "chat" || Array.isArray(rest["messages"]))
    return { ...named, kind: own, request: rest } as unknown as BatchRow;
  throw fileError(
    `Line ${line} has no "prompt", "messages" or "request"; with --prompt "Summarize: {text}" its fields fill in a prompt`,
  );
}

function idOf(value: unknown): { readonly id?: string } {
  const { id, custom_id } = isObject(value) ? value : {};
  const given = id ?? custom_id;
  return typeof given === "string" || typeof given === "number" ? { id: String(given) } : {};
}

/** The prompt with the fields of a row. @throws {AiLibError} for a field that the row does not have. */
function filled(prompt: string, value: unknown, line: number): string {
  const fields = isObject(value) ? value : { text: value };
  return prompt.replace(/\{(\w{1,64})\}/g, (_, name: string) => {
    if (!Object.hasOwn(fields, name))
      throw usageError(`Line ${line} has no field "${name}"; it has: ${Object.keys(fields).join(", ")}`);
    const field = fields[name];
    return typeof field === "string" ? field : JSON.stringify(field);
  });
}

function fileError(message: string): AiLibError {
  return new AiLibError({ code: "FILE_ERROR", message, local: true });
}
