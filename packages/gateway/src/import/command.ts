import { readFile } from "node:fs/promises";
import { configError } from "../config-error.js";
import type { Io } from "../io.js";
import { formatImported, importLiteLlm } from "./litellm.js";

/**
 * Prints a configuration of LiteLLM's proxy as one of this gateway. What has no counterpart is listed in its head.
 * @throws {AiLibError} `CONFIG_ERROR` for a file that cannot be read or is none of LiteLLM's.
 */
export async function importFile(io: Io, file: string): Promise<void> {
  const text = await readFile(file, "utf8").catch(({ code }: NodeJS.ErrnoException) => {
    throw configError(`${file} cannot be read: ${code}`);
  });
  io.stdout.write(formatImported(importLiteLlm(text)));
}
