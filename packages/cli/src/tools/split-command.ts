import { usageError } from "../errors.js";

/**
 * Splits a command into its program and arguments, as a shell does: quotes keep blanks, and a backslash takes the meaning
 * from a blank, a quote or a backslash behind it. Within single quotes every character is literal. Nothing else is
 * special: no variables, no pipes.
 * @throws {AiLibError} `CONFIG_ERROR` for a quote without an end.
 */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const next = text.charAt(i + 1);
    if (char === "\\" && quote !== "'" && next !== "" && /["'\\\s]/.test(next)) {
      word = (word ?? "") + next;
      i++;
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word = (word ?? "") + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= "";
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (quote !== undefined) throw usageError(`A quote has no end: ${text}`);
  if (word !== undefined) words.push(word);
  return words;
}
