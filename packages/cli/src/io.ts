import { isUtf8 } from "node:buffer";
import { createColors } from "picocolors";

/** The streams, environment and abort signal of a command: the process's own, or those of a test. */
export interface Io {
  readonly stdin: NodeJS.ReadStream | NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Formatters that add colours, or do nothing. */
export type Colors = ReturnType<typeof createColors>;

/** Whether a stream is a terminal. */
export function isTerminal(stream: object): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}

/**
 * Selects the colours for a stream. `NO_COLOR` turns them off and `FORCE_COLOR` on; without either, only a terminal
 * gets them.
 */
export function selectColors(io: Io, stream: NodeJS.WritableStream): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = io.environment;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return createColors(false);
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0") return createColors(true);
  return createColors(isTerminal(stream) && TERM !== "dumb");
}

/** The columns of a terminal; infinite for a pipe or a file, so that their lines are never cut. */
export function measureWidth(stream: object): number {
  return "columns" in stream && typeof stream.columns === "number"
    ? stream.columns
    : Number.POSITIVE_INFINITY;
}

/**
 * Reads standard input to its end, trimmed, if it is a pipe or a file; returns `""` on a terminal.
 * @throws {AiLibError} `CONFIG_ERROR` if it is no text.
 */
export async function readPipe(io: Io): Promise<string> {
  if (isTerminal(io.stdin)) return "";
  const pieces: Buffer[] = [];
  for await (const piece of io.stdin as AsyncIterable<Buffer | string>)
    pieces.push(typeof piece === "string" ? Buffer.from(piece) : piece);
  const bytes = Buffer.concat(pieces);
  if (bytes.includes(0) || !isUtf8(bytes)) {
    const { usageError } = await import("./errors.js");
    throw usageError(
      'Standard input is binary, not text. Attach a file with -a: ai-lib -a photo.png "What is this?"',
    );
  }
  return bytes.toString("utf8").trim();
}
