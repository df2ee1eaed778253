import { join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { type Installed, install } from "../../../ai-lib/test/support/packed.js";
import type { Stage } from "./command.js";
import { openTerminal, type TerminalSession } from "./terminal.js";

/** The installed command, as a user starts it in a terminal. */
export interface InstalledCommand {
  /** The path of its file. */
  readonly path: string;
  /** Starts a command in a terminal of 80 columns. */
  open(args: readonly string[], columns?: number, more?: Readonly<Record<string, string>>): TerminalSession;
  /** Starts a chat that prints no footers, and waits for its prompt. */
  chat(
    args?: readonly string[],
    columns?: number,
    more?: Readonly<Record<string, string>>,
  ): Promise<TerminalSession>;
  /** A path in the home folder of the test. */
  home(...names: string[]): string;
}

/** Installs the command for the tests of a file. */
export function prepareCommand(stage: Stage): InstalledCommand {
  // Beyond what a terminal is waited for, so that a failure shows its screen.
  vi.setConfig({ testTimeout: 150_000 });
  let installed: Installed | undefined;
  beforeAll(async () => {
    installed = await install("ai-lib-cli", "ai-lib");
  }, 240_000);
  afterAll(() => installed?.remove());
  const command: InstalledCommand = {
    get path() {
      return join(installed?.package ?? "", "bin/ai-lib.js");
    },
    open(args, columns, more = {}) {
      const { PATH = "" } = process.env;
      return openTerminal(
        process.execPath,
        [command.path, ...args],
        { ...stage.environment, PATH, ...more },
        columns,
      );
    },
    async chat(args = [], columns, more) {
      const terminal = command.open(["chat", "-q", ...args], columns, more);
      await terminal.waitFor("you>");
      return terminal;
    },
    home: (...names) => join(stage.environment["HOME"] ?? "", ...names),
  };
  return command;
}
