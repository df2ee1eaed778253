import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Json } from "../../src/core/values/json.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");
/** Exchanges written by hand, which are always there. */
const own = resolve(dirname(fileURLToPath(import.meta.url)), "../fixtures/kinds");

/** Folders with exchanges of kinds other than chat: those written by hand, and the recorded ones where they are. */
const folders = [own, resolve(root, process.env["AI_LIB_KIND_RECORDINGS"] ?? "../shared/wire-kinds")].filter(
  (folder) => existsSync(join(folder, "INDEX.jsonl")),
);

/** Whether the recorded exchanges are on this machine; those written by hand always are. */
export const hasRecordings = folders.length > 1;

/** One exchange of a kind other than chat. */
export interface KindRecording {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly api: string;
  readonly model: string | null;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Json;
    /** The parts of a form: fields, and files without their contents. */
    readonly multipart?: readonly KindPart[];
  } | null;
  /** The conversation that it belongs to, and its place within. */
  readonly session?: string;
  readonly sessionIndex?: number;
  /** The folder that the recordings are in. */
  readonly folder: string;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly bodyFile?: string;
    readonly bodyEncoding: "utf8" | "base64";
  };
}

/** One part of a form that was sent. */
export interface KindPart {
  readonly name: string;
  readonly value?: string;
  readonly filename?: string;
  readonly contentType?: string;
  readonly bytes?: number;
  /** The file itself, where that is text. */
  readonly text?: string;
}

/** What the key asserts of an exchange; `null` is not asserted. */
export interface KindExpected {
  readonly id: string;
  readonly outcome: "response" | "error";
  readonly error: {
    readonly status: number | null;
    readonly class: string | null;
    readonly classes?: readonly string[];
  } | null;
  readonly [field: string]: unknown;
}

/** An exchange and what must come of it. */
export interface KindCase {
  readonly recording: KindRecording;
  readonly expected: KindExpected;
}

/** The bytes of an answer, which stand in a file of their own where they are no text. */
export function bodyOf({
  folder,
  response: { body = "", bodyFile, bodyEncoding },
}: KindRecording): Uint8Array {
  const text = bodyFile === undefined ? body : readFileSync(join(folder, bodyFile), "utf8");
  return new Uint8Array(Buffer.from(text, bodyEncoding === "base64" ? "base64" : "utf8"));
}

/** How many exchanges there are of each API. */
export function kindApis(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const folder of folders)
    for (const { api } of lines<{ readonly api: string }>(join(folder, "INDEX.jsonl")))
      counts.set(api, (counts.get(api) ?? 0) + 1);
  return counts;
}

/** The exchanges of one api. */
export function kindCases(api: string): KindCase[] {
  return folders.flatMap((folder) => {
    const key = new Map(lines<KindExpected>(join(folder, "expected.jsonl")).map((line) => [line.id, line]));
    return lines<{ id: string; file: string; api: string }>(join(folder, "INDEX.jsonl"))
      .filter((line) => line.api === api && key.has(line.id))
      .map((line) => ({
        recording: { ...JSON.parse(readFileSync(join(folder, line.file), "utf8")), folder } as KindRecording,
        expected: key.get(line.id) as KindExpected,
      }));
  });
}

function lines<T>(file: string): T[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}
