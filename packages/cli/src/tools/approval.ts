import { createInterface } from "node:readline";
import type { ToolCallPart } from "ai-lib";
import { usageError } from "../errors.js";
import { type Io, isTerminal, selectColors } from "../io.js";
import { foreignText, rawTerminal } from "../terminal.js";

/** Puts a question to the user and returns the answer; undefined if there is none. */
export type Question = (text: string) => Promise<string | undefined>;

/** Decides whether a tool may run. */
export type Approve = (call: ToolCallPart) => Promise<{ approved: boolean; reason?: string }>;

/** The longest arguments that a question shows, in characters. */
const MAX_SHOWN = 500;

/**
 * Asks the user before each tool runs. `a` allows a tool for the rest of the command.
 * @param all whether every tool may run without a question
 */
export function approveByUser(io: Io, all: boolean, question: Question): Approve {
  const allowed = new Set<string>();
  return async ({ name, arguments: args, input }) => {
    if (all || allowed.has(name)) return { approved: true };
    const shown = JSON.stringify(input ?? args).slice(0, MAX_SHOWN);
    const color = selectColors(io, io.stderr);
    const text = `Run ${color.bold(foreignText(io.stderr, name))} ${foreignText(io.stderr, shown)}? [y]es, [a]lways, [N]o `;
    const answer = (await question(text))?.trim().toLowerCase() ?? "";
    if (answer === "a" || answer === "always") allowed.add(name);
    const approved = ["y", "yes", "a", "always"].includes(answer);
    return approved ? { approved } : { approved, reason: "The user did not allow this call" };
  };
}

/**
 * A question on the terminal.
 * @throws {AiLibError} `CONFIG_ERROR` if standard input is no terminal.
 */
export function askOnTerminal(io: Io): Question {
  return (text) => {
    if (!isTerminal(io.stdin))
      throw usageError(
        "A tool needs your approval, but standard input is no terminal. Allow all tools with --yes",
      );
    return new Promise((resolve) => {
      const reader = createInterface({ input: io.stdin, output: rawTerminal(io.stderr), terminal: true });
      reader.once("close", () => resolve(undefined));
      reader.once("SIGINT", () => reader.close());
      io.signal.addEventListener("abort", () => reader.close(), { once: true });
      reader.question(text, (answer) => {
        resolve(answer);
        reader.close();
      });
    });
  };
}
