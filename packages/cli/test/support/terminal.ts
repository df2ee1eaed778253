import { createRequire } from "node:module";
import { spawn } from "@lydell/node-pty";
import type { Terminal as Emulator } from "@xterm/headless";

// The package is CommonJS, whose names Node does not find.
const { Terminal } = createRequire(import.meta.url)("@xterm/headless") as { Terminal: typeof Emulator };

/** Milliseconds that a busy machine may take until a program shows what is expected, or ends. */
const PATIENCE_MS = 60_000;

/** A program in a real terminal, with an emulator that shows what a user would see. */
export interface TerminalSession {
  /** The lines on the screen and those that were scrolled off it, without blanks at their ends. */
  screen(): Promise<string>;
  /** Waits until the screen shows a text. @throws {Error} with the screen, after a minute without it */
  waitFor(text: string | RegExp): Promise<string>;
  /** Types text; `\r` is the Enter key, `\x03` Ctrl-C, `\x04` Ctrl-D. */
  type(text: string): void;
  resize(columns: number): void;
  /** Waits for the end of the program, and returns its exit code. @throws {Error} with the screen, after a minute */
  end(): Promise<number>;
  kill(signal: string): void;
  /** Every byte that the program wrote. */
  readonly written: string;
}

/** Starts a program in a terminal. */
export function openTerminal(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  columns = 80,
): TerminalSession {
  const rows = 60;
  const emulator = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 2_000 });
  const program = spawn(command, [...args], {
    cols: columns,
    rows,
    env: { TERM: "xterm-256color", ...environment },
  });
  let written = "";
  let wake = () => {};
  program.onData((data) => {
    written += data;
    emulator.write(data, () => wake());
  });
  const ended = new Promise<number>((resolve) => program.onExit(({ exitCode }) => resolve(exitCode)));
  const session: TerminalSession = {
    async screen() {
      await new Promise<void>((resolve) => emulator.write("", resolve));
      const { buffer } = emulator;
      const lines = Array.from(
        { length: buffer.active.length },
        (_, i) => buffer.active.getLine(i)?.translateToString(true) ?? "",
      );
      return lines.join("\n").trimEnd();
    },
    async waitFor(text) {
      const until = performance.now() + PATIENCE_MS;
      for (;;) {
        // Before the screen is read: what is written from here on ends the wait.
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const shown = await session.screen();
        if (typeof text === "string" ? shown.includes(text) : text.test(shown)) return shown;
        const left = until - performance.now();
        if (left <= 0) throw new Error(`The terminal did not show ${String(text)}:\n${shown}`);
        await within(left, changed);
      }
    },
    type: (text) => program.write(text),
    resize(wide) {
      program.resize(wide, rows);
      emulator.resize(wide, rows);
    },
    async end() {
      const code = await within(PATIENCE_MS, ended);
      if (code === undefined) throw new Error(`The program did not end:\n${await session.screen()}`);
      return code;
    },
    kill: (signal) => program.kill(signal),
    get written() {
      return written;
    },
  };
  return session;
}

/** What a promise resolves to; undefined where that takes longer than some milliseconds. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
