import { join } from "node:path";
import { usageError } from "./errors.js";
import { isObject } from "./json.js";
import { configFolder, readPrivateJson, writePrivateJson } from "./private-store.js";

/** Keys by the variable that they replace. */
export type StoredKeys = Record<string, string>;

const WHAT = "The keys file";

/** Locates the keys file: the path in `AI_LIB_KEYS`, else a file in the user's configuration folder. */
export function locateKeys(environment: NodeJS.ProcessEnv): string {
  const { AI_LIB_KEYS } = environment;
  if (AI_LIB_KEYS !== undefined && AI_LIB_KEYS !== "") return AI_LIB_KEYS;
  return join(configFolder(environment), "keys.json");
}

/**
 * Reads the stored keys; an empty object if the file does not exist.
 * @throws {AiLibError} `CONFIG_ERROR` if the file is not a JSON object of strings, or if {@link openPrivate} refuses it.
 */
export async function readKeys(path: string): Promise<StoredKeys> {
  const value = await readPrivateJson(WHAT, path);
  if (value === undefined) return {};
  if (!isObject(value) || Object.values(value).some((key) => typeof key !== "string"))
    throw usageError(`${WHAT} ${path} is damaged: it must be a JSON object of strings. Fix or delete it`);
  return { ...value } as StoredKeys;
}

/**
 * Stores a key in a file that only its owner can read.
 * @throws {AiLibError} `CONFIG_ERROR` as {@link readKeys} does.
 */
export async function storeKey(path: string, variable: string, key: string): Promise<void> {
  await writePrivateJson(WHAT, path, { ...(await readKeys(path)), [variable]: key });
}

/**
 * Removes a stored key.
 * @returns whether it was stored
 * @throws {AiLibError} `CONFIG_ERROR` as {@link readKeys} does.
 */
export async function removeKey(path: string, variable: string): Promise<boolean> {
  const { [variable]: removed, ...rest } = await readKeys(path);
  if (removed === undefined) return false;
  await writePrivateJson(WHAT, path, rest);
  return true;
}
