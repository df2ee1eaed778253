import { createInterface, type Interface } from "node:readline";
import { type Io, isTerminal } from "../io.js";
import { rawTerminal } from "../terminal.js";
import {
  BRACKETED_PASTE_OFF,
  BRACKETED_PASTE_ON,
  joinLines,
  PasteFilter,
  restoreLineBreaks,
} from "./paste-filter.js";

/** What a reader needs. */
export interface LineReaderOptions {
  /** Earlier inputs, latest first. */
  readonly history: readonly string[];
  /** Completes a line: the candidates, and the part of the line that they replace. */
  readonly complete: (line: string) => Promise<[string[], string]>;
  /** Ctrl-C while a line is edited or an answer arrives. */
  readonly onInterrupt: () => void;
}

/** Begins and ends a block of lines. */
const BLOCK = ":::";
const CONTINUED = "... ";
/** Signals that end the process without an error that could be handled. */
const TERMINATIONS = ["SIGTERM", "SIGHUP"] as const;

/**
 * Reads inputs of one or more lines: pasted text stays together, a `\` at the end continues on the next line, and a block
 * goes from `:::` to `:::`. Without a terminal the lines come from a pipe.
 */
export class LineReader {
  private readonly lines: string[] = [];
  private readonly readline: Interface;
  private readonly filter: PasteFilter | undefined;
  private readonly output: NodeJS.WritableStream;
  private waiting: ((line: string | undefined) => void) | undefined;
  private closed = false;

  constructor(
    private readonly io: Io,
    options: LineReaderOptions,
  ) {
    const terminal = isTerminal(io.stdin);
    this.output = rawTerminal(io.stdout);
    this.filter = terminal ? new PasteFilter(io.stdin as NodeJS.ReadStream) : undefined;
    if (this.filter !== undefined) {
      io.stdin.pipe(this.filter);
      this.output.write(BRACKETED_PASTE_ON);
      for (const signal of TERMINATIONS) process.once(signal, this.onTerminate);
    }
    this.readline = createInterface({
      input: this.filter ?? io.stdin,
      output: this.output,
      terminal,
      prompt: "",
      historySize: 500,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: Error | null, result: [string[], string]) => void) => {
        options.complete(line).then(
          (result) => done(null, result),
          () => done(null, [[], line]),
        );
      },
    });
    if (terminal) this.inputs.push(...options.history.map(joinLines));
    this.readline.on("line", (line) => this.deliver(restoreLineBreaks(line)));
    this.readline.on("SIGINT", options.onInterrupt);
    this.readline.on("close", () => {
      this.closed = true;
      this.waiting?.(undefined);
      this.waiting = undefined;
    });
  }

  /** What was typed, latest first. */
  get history(): string[] {
    return this.inputs.map(restoreLineBreaks);
  }

  private get inputs(): string[] {
    // Node documents the event "history" and the option; the list itself is the same object.
    return (this.readline as unknown as { readonly history?: string[] }).history ?? [];
  }

  /** Reads the next input; undefined at its end. */
  async read(prompt: string): Promise<string | undefined> {
    let line = await this.line(prompt);
    if (line === undefined) return undefined;
    const continued = isTerminal(this.io.stdin) ? CONTINUED : "";
    if (line.trim() === BLOCK) {
      const block: string[] = [];
      for (
        line = await this.line(continued);
        line !== undefined && line.trim() !== BLOCK;
        line = await this.line(continued)
      )
        block.push(line);
      return block.join("\n");
    }
    let input = line;
    while (input.endsWith("\\") && line !== undefined) {
      line = await this.line(continued);
      input = `${input.slice(0, -1)}\n${line ?? ""}`;
    }
    return input;
  }

  /** Shows the prompt and the line again, after something else was printed. */
  refresh(): void {
    if (!this.closed) this.readline.prompt(true);
  }

  /** Empties the line that is edited. */
  clear(): void {
    this.readline.write(null, { ctrl: true, name: "e" });
    this.readline.write(null, { ctrl: true, name: "u" });
  }

  /** The line that is edited. */
  get current(): string {
    return this.readline.line;
  }

  /** Gives the terminal to another program until `run` has ended. */
  async lend<T>(run: () => Promise<T>): Promise<T> {
    const { filter, io, output } = this;
    if (filter === undefined) return run();
    this.readline.pause();
    io.stdin.unpipe(filter);
    io.stdin.pause();
    filter.setRawMode(false);
    output.write(BRACKETED_PASTE_OFF);
    try {
      return await run();
    } finally {
      output.write(BRACKETED_PASTE_ON);
      filter.setRawMode(true);
      io.stdin.pipe(filter);
      io.stdin.resume();
      this.readline.resume();
    }
  }

  /** Gives the terminal back. */
  close(): void {
    this.readline.close();
    if (this.filter === undefined) return;
    this.io.stdin.unpipe(this.filter);
    this.io.stdin.pause();
    this.output.write(BRACKETED_PASTE_OFF);
    for (const signal of TERMINATIONS) process.off(signal, this.onTerminate);
  }

  /** Gives the terminal back before a signal ends the process. */
  private readonly onTerminate = (signal: NodeJS.Signals) => {
    this.close();
    process.kill(process.pid, signal);
  };

  private line(prompt: string): Promise<string | undefined> {
    this.readline.setPrompt(prompt);
    const next = this.lines.shift();
    if (next !== undefined) return Promise.resolve(next);
    if (this.closed) return Promise.resolve(undefined);
    // What was typed ahead stays, with the cursor behind it.
    this.readline.prompt(true);
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }

  private deliver(line: string): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) this.lines.push(line);
    else waiting(line);
  }
}
