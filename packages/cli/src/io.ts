import { createColors } from "picocolors";

/** What a command talks to: the process's own streams, or a test's. */
export interface Io {
  readonly stdin: NodeJS.ReadStream | NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Whether a stream is a terminal. */
export function isTerminal(stream: object): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}

/** Colours for a stream: none where it is no terminal, or where `NO_COLOR` is set. */
export function colorsFor(io: Io, stream: NodeJS.WritableStream): ReturnType<typeof createColors> {
  const { NO_COLOR, FORCE_COLOR, TERM } = io.environment;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return createColors(false);
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0") return createColors(true);
  return createColors(isTerminal(stream) && TERM !== "dumb");
}

/** Columns of a terminal; no end of them for anything else, since nothing that is piped may be cut. */
export function widthOf(stream: object): number {
  return "columns" in stream && typeof stream.columns === "number"
    ? stream.columns
    : Number.POSITIVE_INFINITY;
}

/** Everything on standard input, when it is a pipe or a file; `""` on a terminal. */
export async function readPiped(io: Io): Promise<string> {
  if (isTerminal(io.stdin)) return "";
  const pieces: Buffer[] = [];
  for await (const piece of io.stdin as AsyncIterable<Buffer | string>)
    pieces.push(typeof piece === "string" ? Buffer.from(piece) : piece);
  return Buffer.concat(pieces).toString("utf8").trim();
}
