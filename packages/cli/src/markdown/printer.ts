import type { Colors } from "../io.js";
import { visibleText } from "../terminal.js";
import { CodeBlock } from "./code.js";
import { formatInline, stablePrefix } from "./inline.js";
import { formatMarkdownTable, isTableRow } from "./table.js";
import { Wrapper } from "./wrap.js";

/** The longest line that is formatted, in characters; the rest of a longer one is printed as it is. */
const MAX_LINE = 4_000;
/** The most rows of a table that are held back to align its columns. */
const MAX_ROWS = 200;

/**
 * Renders Markdown on a terminal as it arrives: headings, lists, quotes, emphasis, links, code with colours, tables.
 * Words appear as soon as it is known how they look; a table appears when it is complete.
 */
export class MarkdownPrinter {
  /** What arrived of the current line and is not printed. */
  private rest = "";
  private pendingReturn = false;
  /** Whether the beginning of the current line is printed. */
  private begun = false;
  private paint: (text: string) => string = (text) => text;
  private fence: { readonly mark: string; readonly code: CodeBlock } | undefined;
  private table: string[] = [];
  private readonly wrapper: Wrapper;

  /**
   * @param width columns of the terminal
   * @param write takes the text, with colours and without other control sequences
   */
  constructor(
    private readonly color: Colors,
    private readonly width: number,
    private readonly write: (text: string) => void,
  ) {
    this.wrapper = new Wrapper(width, write);
  }

  /** Prints what can be printed of the next piece of text. */
  async print(text: string): Promise<void> {
    // A carriage return at the end may belong to a line break that the next piece completes.
    const given = this.pendingReturn ? `\r${text}` : text;
    this.pendingReturn = given.endsWith("\r");
    this.rest += visibleText(this.pendingReturn ? given.slice(0, -1) : given, false);
    for (let end = this.rest.indexOf("\n"); end !== -1; end = this.rest.indexOf("\n")) {
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + 1);
      await this.line(line);
    }
    this.partial();
  }

  /** Prints what is left, and ends the last line. */
  async end(): Promise<void> {
    if (this.rest !== "" || this.begun) {
      const { rest } = this;
      this.rest = "";
      await this.line(rest);
    }
    this.flushTable();
  }

  /** Prints a line that is complete, or the rest of one whose beginning is printed. */
  private async line(line: string): Promise<void> {
    if (this.begun) {
      this.wrapper.words(this.inline(line), this.paint);
      this.wrapper.end();
      this.begun = false;
      return;
    }
    if (this.fence !== undefined) this.codeLine(line, this.fence);
    else if (isTableRow(line) && this.table.length < MAX_ROWS) this.table.push(line);
    else {
      this.flushTable();
      const fence = /^\s*(`{3,}|~{3,})\s*([\w+#-]*)/.exec(line);
      if (fence !== null) await this.openFence(fence[1] ?? "```", fence[2] ?? "");
      else if (/^\s*([-*_])(?:\s*\1){2,}\s*$/.test(line)) this.rule();
      else {
        const body = this.beginLine(line);
        this.wrapper.words(this.inline(body), this.paint);
        this.wrapper.end();
      }
    }
  }

  /** Prints the beginning of an incomplete line, as far as it is certain. */
  private partial(): void {
    if (this.fence !== undefined || this.rest === "") return;
    // Until a line has a few characters, it may become a fence, a rule or a row of a table.
    if (
      !this.begun &&
      (this.rest.length < 4 || /^\s*(?:[|`~]|[-*_\d#>+]+[.)]?\s*$|[-*_][-*_\s]*$)/.test(this.rest))
    )
      return;
    const stable = stablePrefix(this.rest);
    if (stable === 0 && this.rest.length < MAX_LINE) return;
    const end = stable === 0 ? this.rest.length : stable;
    let text = this.rest.slice(0, end);
    if (!this.begun) {
      if (/^\s*(?:\d+[.)]|[-*+>]|#{1,6})\s*$/.test(text)) return;
      this.flushTable();
      text = this.beginLine(text);
      this.begun = true;
    }
    this.rest = this.rest.slice(end);
    this.wrapper.words(this.inline(text), this.paint);
  }

  /** Prints the mark of a heading, a list item or a quote; returns the text behind it. */
  private beginLine(line: string): string {
    const { color } = this;
    this.paint = (text) => text;
    const heading = /^\s{0,3}#{1,6}\s+(.*?)$/s.exec(line);
    if (heading !== null) {
      this.paint = color.bold;
      this.wrapper.begin("");
      return heading[1] ?? "";
    }
    const quote = /^\s{0,3}>\s?(.*)$/s.exec(line);
    if (quote !== null) {
      this.paint = color.dim;
      this.wrapper.begin(color.dim("│ "), true);
      return quote[1] ?? "";
    }
    const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/s.exec(line);
    if (item !== null) {
      const [, indent = "", mark = "", body = ""] = item;
      this.wrapper.begin(`${indent}${color.cyan(/\d/.test(mark) ? mark : "•")} `);
      return body;
    }
    const indent = /^\s*/.exec(line)?.[0] ?? "";
    this.wrapper.begin(indent);
    return line.slice(indent.length);
  }

  private inline(text: string): string {
    return text.length > MAX_LINE ? text : formatInline(text, this.color);
  }

  private async openFence(mark: string, language: string): Promise<void> {
    const code = language === "" ? CodeBlock.plain(this.color) : await CodeBlock.open(language, this.color);
    this.fence = { mark, code };
    this.write(`${this.color.dim(language === "" ? mark : `${mark}${language}`)}\n`);
  }

  private codeLine(line: string, { mark, code }: { readonly mark: string; readonly code: CodeBlock }): void {
    if (line.trim().startsWith(mark) && line.trim().replaceAll(mark[0] ?? "`", "") === "") {
      this.fence = undefined;
      this.write(`${this.color.dim(mark)}\n`);
      return;
    }
    this.write(`${code.line(line)}\n`);
  }

  private rule(): void {
    this.write(`${this.color.dim("─".repeat(Math.min(this.width, 40)))}\n`);
  }

  private flushTable(): void {
    if (this.table.length === 0) return;
    for (const line of formatMarkdownTable(this.table, this.color, this.width)) this.write(`${line}\n`);
    this.table = [];
  }
}
