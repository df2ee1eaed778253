import { configError } from "../../core/errors/error.js";
import { tryParse } from "../../core/values/json.js";

/**
 * Parses JSON; text that is not JSON is parsed as YAML, which needs the optional package `yaml`. Errors name the place
 * in the file and never quote it: the text may hold a secret.
 * @param path the file that the text comes from, for error messages
 * @throws {AiLibError} `CONFIG_ERROR` for text that is neither, and for YAML where `yaml` is not installed.
 */
export async function parseJsonOrYaml(text: string, path: string): Promise<unknown> {
  const json = tryParse(text);
  if (json !== undefined) return json;
  const { parseDocument } = await importYaml(path);
  const document = parseDocument(text, { prettyErrors: true });
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    const [start] = wrong.linePos ?? [];
    const where = start === undefined ? "" : ` at line ${start.line}, column ${start.col}`;
    throw configError(`${path} is neither YAML nor JSON: ${wrong.code}${where}`);
  }
  try {
    return document.toJS({ maxAliasCount: 20 }) as unknown;
  } catch {
    throw configError(`${path} has too many aliases`);
  }
}

async function importYaml(path: string): Promise<typeof import("yaml")> {
  // Bundlers treat an import within `try` as optional: if the package is missing, they only warn.
  try {
    return await import("yaml");
  } catch {
    throw configError(`${path} is not JSON. To read YAML, install the package yaml: npm install yaml`);
  }
}
