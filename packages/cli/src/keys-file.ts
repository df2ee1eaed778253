import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { AiLibError } from "ai-lib";
import { usageError } from "./errors.js";
import { isObject, tryParse } from "./json.js";
import { locatePrivate, openPrivate } from "./private-file.js";

/** Keys by the variable that they replace. */
export type StoredKeys = Record<string, string>;

/** Locates the keys file: the path in `AI_LIB_KEYS`, else a file in the user's configuration folder. */
export function locateKeys(environment: NodeJS.ProcessEnv): string {
  const { AI_LIB_KEYS, XDG_CONFIG_HOME, APPDATA } = environment;
  if (AI_LIB_KEYS !== undefined && AI_LIB_KEYS !== "") return AI_LIB_KEYS;
  const home = environment["HOME"] ?? homedir();
  return join(XDG_CONFIG_HOME ?? APPDATA ?? join(home, ".config"), "ai-lib", "keys.json");
}

/**
 * Reads the stored keys; an empty object if the file does not exist.
 * @throws {AiLibError} `CONFIG_ERROR` if the file is not a JSON object of strings, or if {@link openPrivate} refuses it.
 */
export async function readKeys(path: string): Promise<StoredKeys> {
  let text: string;
  try {
    const file = await openPrivate(path, constants.O_RDONLY);
    text = await file.readFile("utf8").finally(() => file.close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    if (AiLibError.is(error)) throw error;
    throw usageError(`The keys file ${path} cannot be read: ${(error as Error).message}`);
  }
  const value = tryParse(text);
  if (!isObject(value) || Object.values(value).some((key) => typeof key !== "string"))
    throw usageError(
      `The keys file ${path} is damaged: it must be a JSON object of strings. Fix or delete it`,
    );
  return { ...value } as StoredKeys;
}

/**
 * Stores a key in a file that only its owner can read. The new file replaces the old one in one step, so that a crash
 * leaves the old one intact; a link to the file stays.
 * @throws {AiLibError} `CONFIG_ERROR` as {@link readKeys} does.
 */
export async function storeKey(path: string, variable: string, key: string): Promise<void> {
  const keys = { ...(await readKeys(path)), [variable]: key };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const target = await locatePrivate(path);
  // A name that nobody can know, and a file that must be new: nothing is written through a link that is there already.
  const draft = `${target}.${randomBytes(8).toString("hex")}.tmp`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(keys, null, 2)}\n`).finally(() => file.close());
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
