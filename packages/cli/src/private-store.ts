import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { AiLibError } from "ai-lib";
import { usageError } from "./errors.js";
import { tryParse } from "./json.js";
import { locatePrivate, openPrivate } from "./private-file.js";

/** The folder of the user's settings: `ai-lib` in `XDG_CONFIG_HOME`, `APPDATA` or `~/.config`. */
export function configFolder({ XDG_CONFIG_HOME, APPDATA, HOME }: NodeJS.ProcessEnv): string {
  return join(XDG_CONFIG_HOME ?? APPDATA ?? join(HOME ?? homedir(), ".config"), "ai-lib");
}

/** The folder of what commands record: `ai-lib` in `XDG_STATE_HOME`, `LOCALAPPDATA` or `~/.local/state`. */
export function stateFolder({ XDG_STATE_HOME, LOCALAPPDATA, HOME }: NodeJS.ProcessEnv): string {
  return join(XDG_STATE_HOME ?? LOCALAPPDATA ?? join(HOME ?? homedir(), ".local", "state"), "ai-lib");
}

/**
 * Reads a private JSON file.
 * @param what what the file is, for the messages: `"The keys file"`
 * @returns the value, or undefined if there is no such file
 * @throws {AiLibError} `CONFIG_ERROR` if the file cannot be read or is no JSON, and as {@link openPrivate} does.
 */
export async function readPrivateJson(what: string, path: string): Promise<unknown> {
  let text: string;
  try {
    const file = await openPrivate(path, constants.O_RDONLY);
    text = await file.readFile("utf8").finally(() => file.close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    if (AiLibError.is(error)) throw error;
    throw usageError(`${what} ${path} cannot be read: ${(error as Error).message}`);
  }
  const value = tryParse(text);
  if (value === undefined) throw usageError(`${what} ${path} is damaged: it is no JSON. Fix or delete it`);
  return value;
}

/**
 * Writes a JSON file that only its owner can read. The new file replaces the old one in one step, so that a crash leaves
 * the old one intact; a link to the file stays.
 * @throws {AiLibError} `CONFIG_ERROR` if the file cannot be written, and as {@link openPrivate} does.
 */
export async function writePrivateJson(what: string, path: string, value: unknown): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const target = await locatePrivate(path);
    // A name that cannot be guessed, and a file that must be new: nothing is written through an existing link.
    const draft = `${target}.${randomBytes(8).toString("hex")}.tmp`;
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`).finally(() => file.close());
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  } catch (error) {
    if (AiLibError.is(error)) throw error;
    throw usageError(`${what} ${path} cannot be written: ${(error as Error).message}`);
  }
}
