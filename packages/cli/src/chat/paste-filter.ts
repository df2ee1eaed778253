import { Transform, type TransformCallback } from "node:stream";

const BEGIN = "\u001b[200~";
const END = "\u001b[201~";
/**
 * A placeholder for a line break within pasted text, so that the line editor does not treat it as the end of the input.
 */
const LINE_BREAK = "\u2424";

/** Terminals mark what is pasted while this mode is on (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html). */
export const BRACKETED_PASTE_ON = "\u001b[?2004h";
export const BRACKETED_PASTE_OFF = "\u001b[?2004l";

/** Puts the line breaks of pasted text back. */
export function restoreLineBreaks(line: string): string {
  return line.replaceAll(LINE_BREAK, "\n");
}

/** Shows text of several lines as one that a line editor can hold. */
export function joinLines(text: string): string {
  return text.replaceAll("\n", LINE_BREAK);
}

/**
 * What a terminal sends, where text that is pasted stays one line: its line breaks become a visible mark, and control
 * characters within it go away. It passes for the terminal itself.
 */
export class PasteFilter extends Transform {
  readonly isTTY = true;
  private pasting = false;
  /** The beginning of a mark that may continue in the next piece. */
  private rest = "";

  constructor(private readonly terminal: { setRawMode?(on: boolean): unknown }) {
    super();
  }

  setRawMode(on: boolean): this {
    this.terminal.setRawMode?.(on);
    return this;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let text = this.rest + chunk.toString("latin1");
    this.rest = "";
    let out = "";
    while (text !== "") {
      const mark = this.pasting ? END : BEGIN;
      const at = text.indexOf(mark);
      if (at === -1) {
        const held = heldBack(text, mark);
        out += this.pass(text.slice(0, text.length - held));
        this.rest = text.slice(text.length - held);
        break;
      }
      out += this.pass(text.slice(0, at));
      text = text.slice(at + mark.length);
      this.pasting = !this.pasting;
    }
    // A lone escape is the key itself, and not the beginning of a mark.
    if (this.rest === "\u001b" && !this.pasting) {
      out += this.rest;
      this.rest = "";
    }
    done(null, Buffer.from(out, "latin1"));
  }

  private pass(text: string): string {
    if (!this.pasting) return text;
    // Bytes as characters: the mark is written as the bytes of UTF-8.
    const mark = Buffer.from(LINE_BREAK).toString("latin1");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are removed
    return text.replace(/\r\n?|\n/g, mark).replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "");
  }
}

/** How many characters at the end of a text may begin a mark. */
function heldBack(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--)
    if (mark.startsWith(text.slice(-length))) return length;
  return 0;
}
