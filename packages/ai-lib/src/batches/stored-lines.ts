import type { BatchStore, LineWriter } from "../core/contract/batch-store.js";

const LINE_FEED = 0x0a;

/** Bytes that are read at a time when lines are looked up. */
const WINDOW_BYTES = 1024 * 1024;

/** One line of a file, and where the next one begins. */
export interface StoredLine {
  readonly text: string;
  readonly next: number;
}

/** The whole lines of a file from a position. A last line without its end is left out. */
export async function* linesFrom(
  store: BatchStore,
  id: string,
  file: string,
  position = 0,
): AsyncGenerator<StoredLine> {
  const decoder = new TextDecoder();
  let rest: Uint8Array[] = [];
  let at = position;
  for await (const piece of store.read(id, file, position)) {
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, start)) {
      const last = piece.subarray(start, end);
      const text = rest.length === 0 ? decoder.decode(last) : decoder.decode(join([...rest, last]));
      at += last.length + 1;
      for (const each of rest) at += each.length;
      rest = [];
      start = end + 1;
      yield { text, next: at };
    }
    if (start < piece.length) rest.push(piece.slice(start));
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The lines of one file by their numbers: where each begins is held in memory, eight bytes a line. */
export class LineIndex {
  private window: Uint8Array = new Uint8Array(0);
  private windowAt = 0;
  private readonly decoder = new TextDecoder();

  private constructor(
    private readonly store: BatchStore,
    private readonly id: string,
    private readonly file: string,
    private readonly starts: Float64Array,
  ) {}

  /** Reads a file of `lines` lines once. */
  static async of(store: BatchStore, id: string, file: string, lines: number): Promise<LineIndex> {
    const starts = new Float64Array(lines + 1);
    let line = 0;
    let at = 0;
    for await (const piece of store.read(id, file)) {
      for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, end + 1))
        if (++line <= lines) starts[line] = at + end + 1;
      at += piece.length;
    }
    if (line < lines) throw new Error(`${file} of the batch job ${id} has ${line} lines and not ${lines}`);
    return new LineIndex(store, id, file, starts);
  }

  /** The text of a line. Lines that are asked for in order are read together. */
  async at(line: number): Promise<string> {
    const [start = 0, next = 0] = [this.starts[line], this.starts[line + 1]];
    const end = next - 1;
    if (start < this.windowAt || end > this.windowAt + this.window.length) {
      this.window = await this.store.slice(this.id, this.file, start, Math.max(end - start, WINDOW_BYTES));
      this.windowAt = start;
    }
    return this.decoder.decode(this.window.subarray(start - this.windowAt, end - this.windowAt));
  }
}

/** Writes lines, waiting only where the writer is full. */
export async function writeLine(writer: LineWriter, line: string): Promise<void> {
  const full = writer.write(line);
  if (full !== undefined) await full;
}
