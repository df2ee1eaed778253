import type { Command } from "commander";
import { completionScript, listCandidates } from "../completion.js";
import { usageError } from "../errors.js";
import type { Io } from "../io.js";

/** Prints the completion script of a shell. */
export function printCompletion(io: Io, shell: string): void {
  if (shell !== "bash" && shell !== "zsh" && shell !== "fish")
    throw usageError(`There is no completion for "${shell}"; known are: bash, zsh, fish`);
  io.stdout.write(completionScript(shell));
}

/** Prints the candidates for the last word, one per line; `:files` where the shell is to complete files. */
export async function complete(io: Io, root: Command, words: readonly string[]): Promise<void> {
  const candidates = await listCandidates(io, root, words);
  if (candidates === undefined) io.stdout.write(":files\n");
  else for (const candidate of candidates) io.stdout.write(`${candidate}\n`);
}
