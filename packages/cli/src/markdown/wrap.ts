import { measureText } from "../table.js";

/** Breaks text between words as it is written, so that no line is longer than the terminal is wide. */
export class Wrapper {
  private column = 0;
  /** What comes before the lines that follow, and its columns. */
  private indent = "";
  private indented = 0;
  /** Blanks that are written before the next word of the same line. */
  private blanks = "";

  /** @param width columns of the terminal. @param write takes the text. */
  constructor(
    private readonly width: number,
    private readonly write: (text: string) => void,
  ) {}

  /**
   * Begins a line behind a mark such as a bullet; the lines that follow are indented as far.
   * @param repeated whether the mark is before these lines too, as that of a quote
   */
  begin(mark: string, repeated = false): void {
    this.write(mark);
    this.column = measureText(mark);
    this.indent = repeated ? mark : " ".repeat(Math.min(this.column, Math.floor(this.width / 2)));
    this.indented = repeated ? this.column : this.indent.length;
  }

  /**
   * Writes words; a word that does not fit goes to the next line, without the blanks before it.
   * @param paint gives each word its style
   */
  words(text: string, paint: (word: string) => string): void {
    for (const piece of text.split(/(?<= )(?! )/)) {
      const word = piece.trimEnd();
      const length = measureText(word);
      if (word !== "") {
        if (this.column > this.indented && this.column + this.blanks.length + length > this.width)
          this.newLine();
        this.write(this.blanks + paint(word));
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
    this.indented = 0;
    this.blanks = "";
  }

  private newLine(): void {
    this.write(`\n${this.indent}`);
    this.column = this.indented;
    this.blanks = "";
  }
}
