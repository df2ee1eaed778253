import { readFileSync } from "node:fs";
import type { Environment } from "ai-lib";
import { configError } from "../config-error.js";
import type { SecretNode } from "./secret-schema.js";

/**
 * Reads a secret from its variable or its file.
 * @throws {AiLibError} `CONFIG_ERROR` where it is absent or empty. The message names the place, never the value.
 */
export function readSecret(node: SecretNode, environment: Environment): string {
  if ("env" in node) {
    const value = environment[node.env]?.trim();
    if (value === undefined || value === "")
      throw configError(`the environment variable ${node.env} is not set`);
    return value;
  }
  let text: string;
  try {
    text = readFileSync(node.file, "utf8").trim();
  } catch (error) {
    throw configError(`the file ${node.file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (text === "") throw configError(`the file ${node.file} is empty`);
  return text;
}
