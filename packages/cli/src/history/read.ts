import { constants } from "node:fs";
import { createInterface } from "node:readline";
import { AiLibError } from "ai-lib";
import { usageError } from "../errors.js";
import { tryParse } from "../json.js";
import { openPrivate } from "../private-file.js";
import { type HistoryEntry, isEntry } from "./entry.js";
import { locateHistory } from "./settings.js";

/**
 * Reads the latest entries of the history, oldest first. Skips lines that are not entries; returns an empty list if
 * the file does not exist.
 * @param count how many entries; 0 for all
 * @param search text that an entry must contain, in upper or lower case
 * @throws {AiLibError} `CONFIG_ERROR` if the file cannot be read, or if others may read or change it.
 */
export async function readHistory(
  environment: NodeJS.ProcessEnv,
  count: number,
  search: string | undefined,
): Promise<HistoryEntry[]> {
  const path = locateHistory(environment);
  const wanted = search?.toLowerCase();
  const found: HistoryEntry[] = [];
  try {
    const file = await openPrivate(path, constants.O_RDONLY);
    for await (const line of createInterface({ input: file.createReadStream({ encoding: "utf8" }) })) {
      const value = tryParse(line);
      if (!isEntry(value)) continue;
      const searched = [value.prompt, value.text, value.provider, value.model, value.error].join("\n");
      if (wanted !== undefined && !searched.toLowerCase().includes(wanted)) continue;
      found.push(value);
      if (count > 0 && found.length > count) found.shift();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    if (AiLibError.is(error)) throw error;
    throw usageError(`The history ${path} cannot be read: ${(error as Error).message}`);
  }
  return found;
}
