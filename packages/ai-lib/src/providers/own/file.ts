import { AiLibError, configError } from "../../core/errors/error.js";
import { isObject } from "../../core/values/json.js";
import type { ProviderData } from "../endpoint/data.js";
import { type Environment, processEnvironment, readVariable } from "../endpoint/environment.js";
import { checkProviderData } from "../endpoint/shape.js";
import { parseJsonOrYaml } from "./parse.js";

/** The variable that names a file of providers. */
export const PROVIDERS_VARIABLE = "AI_LIB_PROVIDERS";

/** The largest file that is read, in bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads the providers of the file that `AI_LIB_PROVIDERS` names; an empty list if the variable is not set. Pass them
 * to `factoryOf`. Needs Node's file system.
 * @throws {AiLibError} `CONFIG_ERROR` as {@link readProviders} does.
 */
export async function ownProviders(
  environment: Environment = processEnvironment(),
): Promise<readonly ProviderData[]> {
  const path = readVariable(environment, [PROVIDERS_VARIABLE])?.value;
  return path === undefined ? [] : readProviders(path);
}

/**
 * Reads a file of providers: a mapping of ids to the fields of {@link ProviderData}, or a list of such objects with
 * their `id`. `apiKeyEnv` names the variable that holds the key. The file is JSON, or YAML if the optional package
 * `yaml` is installed (`npm install yaml`). Needs Node's file system.
 *
 * ```yaml
 * labs:
 *   dialect: openai-chat
 *   baseUrl: https://llm.labs.example/v1
 *   apiKeyEnv: LABS_KEY
 *   model: gpt-x
 * ```
 * @throws {AiLibError} `CONFIG_ERROR` naming the file and, in it, the provider and the field that is wrong.
 */
export async function readProviders(path: string): Promise<readonly ProviderData[]> {
  const text = await readText(path);
  const value = await parseJsonOrYaml(text, path);
  return inFile(path, () => providersOf(value));
}

async function readText(path: string): Promise<string> {
  const { readFile, stat } = await import("node:fs/promises");
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES)
      throw configError(`${path} is larger than ${MAX_BYTES} bytes, the limit for a file of providers`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (AiLibError.is(error)) throw error;
    const code = (error as { readonly code?: unknown }).code;
    throw configError(
      `The file of providers ${path} cannot be read (${String(code)}); see ${PROVIDERS_VARIABLE}`,
    );
  }
}

function providersOf(value: unknown): readonly ProviderData[] {
  const entries = Array.isArray(value)
    ? value
    : isObject(value)
      ? Object.entries(value).map(named)
      : undefined;
  if (entries === undefined)
    throw configError("it must be a mapping of provider ids to their settings, or a list of providers");
  const seen = new Set<string>();
  return entries.map((entry: unknown, index) => {
    if (!isObject(entry)) throw configError(`entry ${index + 1} is not an object`);
    const data = dataOf(entry);
    if (seen.has(data.id)) throw configError(`there are two providers "${data.id}"`);
    seen.add(data.id);
    return data;
  });
}

/** The settings of an entry of a mapping, with its key as `id`. */
function named([id, settings]: [string, unknown]): unknown {
  if (!isObject(settings)) throw configError(`The provider "${id}" must be an object of settings`);
  if (settings["id"] !== undefined && settings["id"] !== id)
    throw configError(`The provider "${id}" has another id inside, "${String(settings["id"])}": give one`);
  return { ...settings, id };
}

function dataOf({ apiKeyEnv, ...settings }: Readonly<Record<string, unknown>>): ProviderData {
  const id = String(settings["id"]);
  if (settings["apiKey"] !== undefined)
    throw configError(`The provider "${id}": no keys in files; name the variable that holds it as apiKeyEnv`);
  if (apiKeyEnv !== undefined && (typeof apiKeyEnv !== "string" || apiKeyEnv === ""))
    throw configError(`The provider "${id}": apiKeyEnv must be the name of a variable`);
  checkProviderData(settings);
  return apiKeyEnv === undefined
    ? settings
    : { ...settings, keyEnv: [apiKeyEnv, ...(settings.keyEnv ?? [])] };
}

/** Adds the file's path to an error about its content. */
function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw AiLibError.from(error, "CONFIG_ERROR").withContext(path);
  }
}
