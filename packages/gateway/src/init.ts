import { writeFile } from "node:fs/promises";
import { FILE_NAMES } from "./boot.js";
import { configError } from "./config-error.js";
import { FIRST_FILE } from "./first-file.js";
import type { Io } from "./io.js";

/**
 * Writes a commented file, and overwrites none.
 * @throws {AiLibError} `CONFIG_ERROR` where the file exists or cannot be written.
 */
export async function writeFirstFile(io: Io, given: string | undefined): Promise<void> {
  const file = given ?? FILE_NAMES[0] ?? "";
  await writeFile(file, FIRST_FILE, { flag: "wx" }).catch(({ code }: NodeJS.ErrnoException) => {
    throw configError(code === "EEXIST" ? `${file} already exists` : `${file} cannot be written: ${code}`);
  });
  io.stdout.write(`Wrote ${file}. Next: ai-lib-gateway check, then ai-lib-gateway\n`);
}
