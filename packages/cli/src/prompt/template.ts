import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { usageError } from "../errors.js";
import { isObject } from "../json.js";
import { configFolder } from "../private-store.js";

/** A prompt with variables, as a YAML file. */
export interface Template {
  readonly system?: string;
  /** The prompt; `{{input}}` is what the command line and standard input say. Without it that comes below. */
  readonly prompt?: string;
  readonly model?: string;
  /** Fields of the request, as `-o` sets them. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** A JSON Schema, or its short form. */
  readonly schema?: string | Readonly<Record<string, unknown>>;
  /** Values of variables where `-p` gives none. */
  readonly defaults?: Readonly<Record<string, string | number | boolean>>;
}

const FIELDS: ReadonlySet<string> = new Set(["system", "prompt", "model", "options", "schema", "defaults"]);

/** Locates the folder of the templates. */
export function locateTemplates(environment: NodeJS.ProcessEnv): string {
  return join(configFolder(environment), "templates");
}

/** Locates a template by its name; the name may hold letters, digits, `.`, `-` and `_`. */
export function locateTemplate(environment: NodeJS.ProcessEnv, name: string): string {
  if (!/^[\w-][\w.-]*$/.test(name)) throw usageError(`"${name}" cannot be the name of a template`);
  return join(locateTemplates(environment), `${name}.yaml`);
}

/** Lists the names of the templates. */
export async function listTemplates(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const files = await readdir(locateTemplates(environment)).catch(() => []);
  return files
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/**
 * Reads a template.
 * @throws {AiLibError} `CONFIG_ERROR` if there is none of this name, and if its file is no template.
 */
export async function readTemplate(environment: NodeJS.ProcessEnv, name: string): Promise<Template> {
  const path = locateTemplate(environment, name);
  const text = await readFile(path, "utf8").catch(async () => {
    const known = await listTemplates(environment);
    const hint = known.length === 0 ? "there are none yet" : `known are: ${known.join(", ")}`;
    throw usageError(
      `There is no template "${name}"; ${hint}. Write one with: ai-lib templates edit ${name}`,
    );
  });
  return parseTemplate(text, path);
}

/**
 * Parses a template; a file that is only text is a prompt.
 * @throws {AiLibError} `CONFIG_ERROR` with the path, for what is no template.
 */
export async function parseTemplate(text: string, path: string): Promise<Template> {
  const { parse } = await import("yaml");
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 20 });
  } catch (error) {
    throw usageError(`The template ${path} is no YAML: ${(error as Error).message.split("\n")[0]}`);
  }
  if (typeof value === "string") return { prompt: value };
  if (!isObject(value))
    throw usageError(`The template ${path} must have fields such as "prompt" and "system"`);
  for (const [field, content] of Object.entries(value)) {
    if (!FIELDS.has(field))
      throw usageError(
        `The template ${path} has an unknown field "${field}"; known are: ${[...FIELDS].join(", ")}`,
      );
    const textOnly = field === "system" || field === "prompt" || field === "model";
    if (
      textOnly
        ? typeof content !== "string"
        : !isObject(content) && (field !== "schema" || typeof content !== "string")
    )
      throw usageError(`"${field}" of the template ${path} must be ${textOnly ? "a text" : "a map"}`);
  }
  return value as Template;
}

/**
 * Replaces the variables of a text: `{{name}}`.
 * @throws {AiLibError} `CONFIG_ERROR` for a variable without a value.
 */
export function fillIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\{\{\s*([\w-]+)\s*\}\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value !== undefined) return value;
    throw usageError(`The template needs a value for "${name}": give it with -p ${name}=...`);
  });
}

/** The values of a template's variables: its defaults, and over them those of `-p name=value`. */
export function readVariables({ defaults = {} }: Template, given: readonly string[]): Map<string, string> {
  const values = new Map(Object.entries(defaults).map(([name, value]) => [name, String(value)]));
  for (const variable of given) {
    const at = variable.indexOf("=");
    if (at <= 0)
      throw usageError(`-p takes a variable and its value, such as -p language=French, not "${variable}"`);
    values.set(variable.slice(0, at), variable.slice(at + 1));
  }
  return values;
}
