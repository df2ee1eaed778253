import { join } from "node:path";
import { usageError } from "./errors.js";
import { isObject } from "./json.js";
import { configFolder, readPrivateJson, writePrivateJson } from "./private-store.js";

/** What the user chose for all commands. */
export interface Settings {
  /** The model that answers where none is named, as `provider/model`. */
  readonly defaultModel?: string;
  /** Short names for models. */
  readonly aliases?: Readonly<Record<string, string>>;
}

const WHAT = "The settings file";

/** Locates the settings: `settings.json` in the user's configuration folder. */
export function locateSettings(environment: NodeJS.ProcessEnv): string {
  return join(configFolder(environment), "settings.json");
}

/**
 * Reads the settings; empty if the file does not exist.
 * @throws {AiLibError} `CONFIG_ERROR` if the file is damaged or others may change it.
 */
export async function readSettings(environment: NodeJS.ProcessEnv): Promise<Settings> {
  const path = locateSettings(environment);
  const value = await readPrivateJson(WHAT, path);
  if (value === undefined) return {};
  if (!isSettings(value))
    throw usageError(`${WHAT} ${path} is damaged: defaultModel and aliases must be texts. Fix or delete it`);
  return value;
}

function isSettings(value: unknown): value is Settings {
  if (!isObject(value)) return false;
  const { defaultModel, aliases } = value;
  return (
    (defaultModel === undefined || typeof defaultModel === "string") &&
    (aliases === undefined ||
      (isObject(aliases) && Object.values(aliases).every((target) => typeof target === "string")))
  );
}

/** Changes the settings. */
export async function changeSettings(
  environment: NodeJS.ProcessEnv,
  change: (settings: Settings) => Settings,
): Promise<void> {
  await writePrivateJson(WHAT, locateSettings(environment), change(await readSettings(environment)));
}

/** The model that a name refers to: the target of an alias, else the name itself. */
export function resolveAlias({ aliases = {} }: Settings, name: string): string {
  return (Object.hasOwn(aliases, name) ? aliases[name] : undefined) ?? name;
}
