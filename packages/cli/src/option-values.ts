import { systemClock } from "ai-lib";
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
 * @param what what a name refers to, for the error: `"group"`
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

/** Milliseconds of the units of {@link startOf}. */
const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Parses a time span up to now, such as `12h`, `7d` or `4w`, or a date such as `2026-11-01`.
 * @param option its name, for the error: `--since`
 * @returns its beginning, ISO 8601
 * @throws {AiLibError} `CONFIG_ERROR` for any other text.
 */
export function startOf(option: string, text: string): string {
  const span = /^(\d{1,5})([hdw])$/.exec(text.trim());
  if (span !== null)
    return new Date(systemClock.now() - Number(span[1]) * (UNITS[span[2] ?? ""] ?? 0)).toISOString();
  const date = /^\d{4}-\d\d-\d\d$/.test(text.trim()) ? new Date(`${text.trim()}T00:00:00Z`) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()))
    throw usageError(`${option} takes a time such as 12h, 7d, 4w or 2026-11-01, not "${text}"`);
  return date.toISOString();
}
