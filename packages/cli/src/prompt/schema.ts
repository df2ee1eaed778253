import { readFile } from "node:fs/promises";
import type { JsonObject } from "ai-lib";
import { usageError } from "../errors.js";
import { isObject, tryParse } from "../json.js";

const TYPES: Readonly<Record<string, JsonObject>> = {
  str: { type: "string" },
  string: { type: "string" },
  int: { type: "integer" },
  integer: { type: "integer" },
  float: { type: "number" },
  number: { type: "number" },
  bool: { type: "boolean" },
  boolean: { type: "boolean" },
};

/**
 * Reads the schema of `--schema`: JSON Schema in a file or in the option itself, or the short form
 * `"name, age int, tags str[], bio: one sentence"`: fields separated by commas, each with an optional type
 * (`str` by default; also `int`, `float`, `bool`; `[]` for a list) and an optional description behind a colon.
 * @throws {AiLibError} `CONFIG_ERROR` for a file that is no JSON Schema, or a short form that cannot be read.
 */
export async function readSchema(option: string): Promise<JsonObject> {
  const text = option.trim();
  if (text.startsWith("{")) return requireSchema(text, "--schema");
  if (/\.json$/i.test(text)) {
    const file = await readFile(text, "utf8").catch((error: Error) => {
      throw usageError(`The schema ${text} cannot be read: ${error.message}`);
    });
    return requireSchema(file, text);
  }
  return parseShortForm(text);
}

function requireSchema(text: string, where: string): JsonObject {
  const value = tryParse(text);
  if (!isObject(value)) throw usageError(`${where} is no JSON Schema: it must be a JSON object`);
  return value as JsonObject;
}

function parseShortForm(text: string): JsonObject {
  const properties: Record<string, JsonObject> = {};
  for (const field of text.split(/[,\n]/)) {
    if (field.trim() === "") continue;
    const [head = "", ...description] = field.split(":");
    const [name = "", type = "str", ...more] = head.trim().split(/\s+/);
    const known = readType(type);
    if (!/^[A-Za-z_][\w-]*$/.test(name) || known === undefined || more.length > 0)
      throw usageError(
        `--schema cannot read the field "${field.trim()}". Write "name, age int, tags str[], bio: one sentence", or name a .json file`,
      );
    const about = description.join(":").trim();
    properties[name] = about === "" ? known : { ...known, description: about };
  }
  const required = Object.keys(properties);
  if (required.length === 0)
    throw usageError('--schema names no field. Write "name, age int", or name a .json file');
  return { type: "object", properties, required, additionalProperties: false };
}

function readType(text: string): JsonObject | undefined {
  if (text.endsWith("[]")) {
    const items = readType(text.slice(0, -2));
    return items === undefined ? undefined : { type: "array", items };
  }
  return Object.hasOwn(TYPES, text) ? TYPES[text] : undefined;
}
