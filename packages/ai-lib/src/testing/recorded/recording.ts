import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AiLibError, messageOf } from "../../core/errors/error.js";
import type { ErrorCode } from "../../core/values/error-code.js";
import { isObject, type Json, tryParse } from "../../core/values/json.js";
import type { AskedRequest } from "./asked.js";

/**
 * A file of recordings: one request, and the replies that it received, in order. It is JSON with one frame a line, made
 * to be read, edited and committed.
 */
export interface Recording {
  readonly format: "ai-lib-recording";
  readonly version: 1;
  /** For people. Long texts are shortened; {@link hash} identifies all of it. */
  readonly asked: AskedRequest;
  /** The SHA-256 of what the request is matched by. */
  readonly hash: string;
  readonly replies: readonly RecordedReply[];
}

/** One reply. Exactly one of `json`, `frames` and `error` alone describes what followed its head. */
export interface RecordedReply {
  /** Absent where the connection failed before a head. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds from the request to the head. */
  readonly headMs?: number;
  /** A body that is one JSON document. */
  readonly json?: Json;
  /** Spaces of indentation that the document had, so that it is played byte for byte. Default 0. */
  readonly indent?: number;
  /** The pieces of any other body, each with the milliseconds since the one before it, or since the head. */
  readonly frames?: readonly RecordedFrame[];
  /** `base64`: the frames are bytes and no text. */
  readonly encoding?: "base64";
  /** Milliseconds from the last piece to the end. */
  readonly endMs?: number;
  /** How the connection failed, in place of an end. */
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** Milliseconds, and the data that arrived then. */
export type RecordedFrame = readonly [ms: number, data: string];

/** Characters of a text in {@link Recording.asked}; a longer one is shortened. */
const SHOWN_CHARACTERS = 2_000;
/** Characters of the host and the model in the name of a file. */
const NAME_CHARACTERS = 60;
const HASH_CHARACTERS = 12;

/** The name of the file for a request: host, model, and the start of the hash. */
export function fileName(asked: AskedRequest, hash: string): string {
  return `${namePrefix(asked)}-${hash.slice(0, HASH_CHARACTERS)}.json`;
}

function namePrefix({ host, request }: AskedRequest): string {
  const model = isObject(request) && typeof request["model"] === "string" ? `-${request["model"]}` : "";
  return `${host}${model}`.replace(/[^A-Za-z0-9.]+/g, "-").slice(0, NAME_CHARACTERS);
}

/**
 * Reads a file; undefined where there is none.
 * @throws {AiLibError} `FILE_ERROR` for a file that is no recording, or cannot be read.
 */
export function readRecording(path: string): Recording | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return undefined;
    throw new AiLibError({ code: "FILE_ERROR", message: `${path} cannot be read: ${messageOf(error)}` });
  }
  const value = tryParse(text);
  if (!isObject(value) || value["format"] !== "ai-lib-recording" || !Array.isArray(value["replies"]))
    throw new AiLibError({ code: "FILE_ERROR", message: `${path} is no recording of ai-lib` });
  if (value["version"] !== 1)
    throw new AiLibError({
      code: "FILE_ERROR",
      message: `${path} has version ${String(value["version"])} of the format; this version of ai-lib reads 1`,
    });
  return value as unknown as Recording;
}

/** Writes a file whole or not at all. @throws {AiLibError} `FILE_ERROR` */
export function writeRecording(folder: string, recording: Recording): void {
  const path = join(folder, fileName(recording.asked, recording.hash));
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${path}.part`, textOfRecording(recording));
    renameSync(`${path}.part`, path);
  } catch (error) {
    throw new AiLibError({ code: "FILE_ERROR", message: `${path} cannot be written: ${messageOf(error)}` });
  }
}

/** Indented JSON whose frames take one line each. */
function textOfRecording(recording: Recording): string {
  const lines: string[] = [];
  const mark = `frame of ${recording.hash}`;
  const plain = JSON.stringify(
    recording,
    (_name, value) => {
      if (!isFrame(value)) return value;
      lines.push(JSON.stringify(value));
      return `${mark} ${lines.length - 1}`;
    },
    2,
  );
  const [start, ...rest] = plain.split(`"${mark} `);
  const framed = rest.map((text, at) => `${lines[at]}${text.slice(text.indexOf('"') + 1)}`);
  return `${start}${framed.join("")}\n`;
}

function isFrame(value: unknown): value is RecordedFrame {
  return (
    Array.isArray(value) && value.length === 2 && typeof value[0] === "number" && typeof value[1] === "string"
  );
}

/** A request with its long texts shortened: pictures and sound are not repeated in the file. */
export function shown(asked: AskedRequest): AskedRequest {
  return JSON.parse(
    JSON.stringify(asked, (_name, value) =>
      typeof value === "string" && value.length > SHOWN_CHARACTERS
        ? `${value.slice(0, SHOWN_CHARACTERS)}... (${value.length} characters)`
        : value,
    ),
  ) as AskedRequest;
}

/** Says what a request lacks a recording for: the nearest one, and where the two differ. */
export function nearestRecording(folder: string, asked: AskedRequest): string | undefined {
  const prefix = `${namePrefix(asked)}-`;
  let nearest: { readonly name: string; readonly at: string; readonly depth: number } | undefined;
  for (const name of namesIn(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(".json")) continue;
    const recording = tryRead(join(folder, name));
    const { at, depth } = firstDifference(shown(asked), recording?.asked);
    if (at !== undefined && depth > (nearest?.depth ?? -1)) nearest = { name, at, depth };
  }
  return nearest && `The nearest one, ${nearest.name}, differs at ${nearest.at}`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function tryRead(path: string): Recording | undefined {
  try {
    return readRecording(path);
  } catch {
    return undefined;
  }
}

/** The path of the first difference, and the number of values before it that are the same. */
function firstDifference(one: unknown, other: unknown): { at?: string; depth: number } {
  const [left, right] = [leaves(one), leaves(other)];
  let depth = 0;
  for (const [path, value] of left) {
    if (!right.has(path) || right.get(path) !== value) return { at: path, depth };
    depth++;
  }
  for (const path of right.keys()) if (!left.has(path)) return { at: path, depth };
  return { depth };
}

function leaves(value: unknown, path = "", into = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== "object" || value === null) return into.set(path, value);
  for (const [name, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${name}]` : path === "" ? name : `.${name}`;
    leaves(inner, path + step, into);
  }
  return into;
}
