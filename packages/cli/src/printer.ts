import { type Io, isTerminal, measureWidth, selectColors } from "./io.js";
import { foreignText, rawTerminal } from "./terminal.js";

/** Prints an answer as it arrives. */
export interface Printer {
  print(text: string): Promise<void>;
  /** Prints what is held back, and ends the last line. */
  end(): Promise<void>;
}

/** How an answer is shown. */
export interface PrinterOptions {
  readonly raw?: boolean | undefined;
  readonly markdown?: boolean | undefined;
}

/**
 * Opens the printer for standard output: on a terminal Markdown is rendered and control sequences are made visible; a
 * pipe or a file gets every byte.
 */
export function openPrinter(io: Io, { raw, markdown }: PrinterOptions): Printer {
  if (raw === true) return new PlainPrinter((text) => void rawTerminal(io.stdout).write(text));
  if (markdown !== false && isTerminal(io.stdout) && io.environment["TERM"] !== "dumb")
    return new LazyMarkdown(io);
  return new PlainPrinter((text) => void io.stdout.write(foreignText(io.stdout, text)));
}

class PlainPrinter implements Printer {
  private last = "";

  constructor(private readonly write: (text: string) => void) {}

  async print(text: string): Promise<void> {
    if (text === "") return;
    this.write(text);
    this.last = text;
  }

  async end(): Promise<void> {
    if (this.last !== "" && !this.last.endsWith("\n")) this.write("\n");
    this.last = "";
  }
}

/** Loads the renderer with the first text. */
class LazyMarkdown implements Printer {
  private printer: Promise<Printer> | undefined;

  constructor(private readonly io: Io) {}

  async print(text: string): Promise<void> {
    this.printer ??= this.load();
    await (await this.printer).print(text);
  }

  async end(): Promise<void> {
    await (await this.printer)?.end();
  }

  private async load(): Promise<Printer> {
    const { io } = this;
    const { MarkdownPrinter } = await import("./markdown/printer.js");
    return new MarkdownPrinter(selectColors(io, io.stdout), measureWidth(io.stdout), (text) => {
      io.stdout.write(text);
    });
  }
}
