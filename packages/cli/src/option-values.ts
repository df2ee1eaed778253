import { usageError } from "./errors.js";

/**
 * Parses the whole number of an option.
 * @param option its name, for the error: `--port`
 * @param least the smallest number that it takes
 * @throws {AiLibError} `CONFIG_ERROR` if the text is not a whole number of `least` or more.
 */
export function parseWholeNumber(option: string, text: string, least = 0): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < least)
    throw usageError(`${option} takes a whole number of ${least} or more, not "${text}"`);
  return value;
}

/**
 * Parses a comma-separated list of known names.
 * @param what what a name stands for, for the error: `"group"`
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown name; the message lists the known ones.
 */
export function parseNames<Name extends string>(what: string, list: string, known: readonly Name[]): Name[] {
  return list
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each) => {
      const found = known.find((name) => name === each);
      if (found === undefined) throw usageError(`Unknown ${what} "${each}"; known are: ${known.join(", ")}`);
      return found;
    });
}
