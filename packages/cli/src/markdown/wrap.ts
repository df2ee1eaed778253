import { measureText } from "../table.js";

/** Breaks text between words as it is written, so that no line is longer than the terminal is wide. */
export class Wrapper {
  private column = 0;
  private indent = "";
  /** Blanks that are written before the next word of the same line. */
  private blanks = "";

  /** @param width columns of the terminal. @param write takes the text. */
  constructor(
    private readonly width: number,
    private readonly write: (text: string) => void,
  ) {}

  /** Begins a line behind a mark such as a bullet; the lines that follow are indented as far. */
  begin(mark: string): void {
    this.write(mark);
    this.column = measureText(mark);
    this.indent = " ".repeat(Math.min(this.column, Math.floor(this.width / 2)));
  }

  /** Writes words; a word that does not fit goes to the next line, without the blanks before it. */
  words(text: string): void {
    for (const piece of text.split(/(?<= )(?! )/)) {
      const word = piece.trimEnd();
      const length = measureText(word);
      if (word !== "") {
        if (this.column > this.indent.length && this.column + this.blanks.length + length > this.width)
          this.newLine();
        this.write(this.blanks + word);
        this.column += this.blanks.length + length;
        this.blanks = "";
      }
      this.blanks += piece.slice(word.length);
    }
  }

  /** Ends the line. */
  end(): void {
    this.write("\n");
    this.column = 0;
    this.indent = "";
    this.blanks = "";
  }

  private newLine(): void {
    this.write(`\n${this.indent}`);
    this.column = this.indent.length;
    this.blanks = "";
  }
}
