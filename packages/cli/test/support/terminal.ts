import { createRequire } from "node:module";
import { spawn } from "@lydell/node-pty";
import type { Terminal as Emulator } from "@xterm/headless";

// The package is CommonJS, whose names Node does not find.
const { Terminal } = createRequire(import.meta.url)("@xterm/headless") as { Terminal: typeof Emulator };

/** A program in a real terminal, with an emulator that shows what a user would see. */
export interface TerminalSession {
  /** The lines on the screen and those that were scrolled off it, without blanks at their ends. */
  screen(): Promise<string>;
  /** Waits until the screen shows a text. */
  waitFor(text: string | RegExp): Promise<string>;
  /** Types text; `\r` is the Enter key, `\x03` Ctrl-C, `\x04` Ctrl-D. */
  type(text: string): void;
  resize(columns: number): void;
  /** Waits for the end of the program, and returns its exit code. */
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
  program.onData((data) => {
    written += data;
    emulator.write(data);
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
      for (let turns = 0; turns < 600; turns++) {
        const shown = await session.screen();
        if (typeof text === "string" ? shown.includes(text) : text.test(shown)) return shown;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`The terminal did not show ${String(text)}:\n${await session.screen()}`);
    },
    type: (text) => program.write(text),
    resize(wide) {
      program.resize(wide, rows);
      emulator.resize(wide, rows);
    },
    end: () => ended,
    kill: (signal) => program.kill(signal),
    get written() {
      return written;
    },
  };
  return session;
}
