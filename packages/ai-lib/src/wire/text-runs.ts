import type { TextFrames } from "../core/contract/dialect.js";
import type { Frame } from "../core/contract/transport.js";

/** Takes the texts of frames that are alike, in place of the frames. */
export interface TextReader {
  /** How these frames look now; undefined where each frame must be read for itself. */
  readonly frames: TextFrames | undefined;
  /** Takes the text of one frame. */
  add(text: string): void;
  /** The frames that follow are others, or have not arrived yet. */
  end(): void;
}

/**
 * Reads server-sent events in a row that differ in their text alone. Most events of an answer are so. Where one ends and
 * how the next begins is one string, so that a search for a quote and one comparison read an event.
 *
 * An event is read here only if it has, from its first to its last character, what a decoder has learned from an event
 * before, with a text that is one JSON string. It is then the same event for any parser.
 */
export class TextRuns {
  private head = "";
  private tail = "";
  /** The characters of an event before its text. */
  private before = "";
  /** Those behind its text. */
  private behind = "";
  /** Those between two texts. */
  private between = "";

  /** @param limit the largest frame, in characters; a larger one is not read here */
  constructor(
    private readonly reader: TextReader,
    private readonly limit: number,
  ) {}

  /**
   * Notes how the event that was read last was written, if its decoder has learned from it.
   * @param lineEnd what the line of its data ends in
   */
  learn({ event, data }: Frame, lineEnd: "\n" | "\r\n"): void {
    const { frames } = this.reader;
    if (frames === undefined || this.knows(frames) || !isAt(data, 0, frames.head)) return;
    this.head = frames.head;
    this.tail = frames.tail;
    const type = event === undefined ? [] : ["event: ", event, "\n"];
    // A string that was joined is one piece, which compares faster.
    this.before = [...type, "data: ", this.head].join("");
    this.behind = [this.tail, lineEnd, lineEnd].join("");
    this.between = [this.behind, this.before].join("");
  }

  /**
   * Reads the events that are alike, from the start of an event on.
   * @returns the start of the first event that was not read
   */
  read(text: string, at: number): number {
    const { before, behind, between } = this;
    const { frames } = this.reader;
    if (frames === undefined || !this.knows(frames) || !isAt(text, at, before)) return at;
    const longest = this.limit - this.head.length - this.tail.length;
    let start = at;
    for (let from = at + before.length; ; ) {
      const to = text.indexOf('"', from);
      if (to <= from || to - from > longest) break;
      const goesOn = isAt(text, to, between);
      if (!goesOn && !isAt(text, to, behind)) break;
      const piece = frames.read(text.slice(from, to));
      if (piece === undefined) break;
      this.reader.add(piece);
      start = to + behind.length;
      if (!goesOn) break;
      from = to + between.length;
    }
    if (start !== at) this.reader.end();
    return start;
  }

  private knows({ head, tail }: TextFrames): boolean {
    return this.head === head && this.tail === tail;
  }
}

function isAt(text: string, at: number, part: string): boolean {
  return text.slice(at, at + part.length) === part;
}
