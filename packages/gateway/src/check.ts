import { bootPlan, FILE_NAMES, findFile } from "./boot.js";
import { configError } from "./config-error.js";
import type { Io } from "./io.js";

/**
 * Checks a file as a start does.
 * @throws {AiLibError} `CONFIG_ERROR` that lists every problem with its file and line.
 */
export async function checkFile(io: Io, given: string | undefined): Promise<void> {
  const file = findFile(given);
  if (file === undefined) throw configError(`There is no file to check: name one, or write ${FILE_NAMES[0]}`);
  const { table, revision } = await bootPlan(file, io.environment);
  const names = table.names();
  io.stdout.write(`${file}: revision ${revision} can be served; models: ${names.join(", ")}\n`);
}
