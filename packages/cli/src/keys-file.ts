import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { configError } from "./errors.js";
import { isObject, tryParse } from "./json.js";

/** Keys by the variable that they stand in for. */
export type StoredKeys = Record<string, string>;

/** Where keys are kept: `AI_LIB_KEYS`, else below the user's configuration folder. */
export function keysPath(environment: NodeJS.ProcessEnv): string {
  const { AI_LIB_KEYS, XDG_CONFIG_HOME, APPDATA } = environment;
  if (AI_LIB_KEYS !== undefined && AI_LIB_KEYS !== "") return AI_LIB_KEYS;
  const home = environment["HOME"] ?? homedir();
  return join(XDG_CONFIG_HOME ?? APPDATA ?? join(home, ".config"), "ai-lib", "keys.json");
}

/**
 * The stored keys; none where there is no file.
 * @throws {AiLibError} `CONFIG_ERROR` where the file is no JSON object of strings.
 */
export async function readKeys(path: string): Promise<StoredKeys> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw configError(`The keys file ${path} cannot be read: ${(error as Error).message}`);
  }
  const value = tryParse(text);
  if (!isObject(value) || Object.values(value).some((key) => typeof key !== "string"))
    throw configError(
      `The keys file ${path} is damaged: it must be a JSON object of strings. Mend or delete it`,
    );
  return { ...value } as StoredKeys;
}

/** Stores a key, readable by its owner alone. The file is replaced whole, so that a crash leaves the old one. */
export async function storeKey(path: string, variable: string, key: string): Promise<void> {
  const keys = { ...(await readKeys(path)), [variable]: key };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}
