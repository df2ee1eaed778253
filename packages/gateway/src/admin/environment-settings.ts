import type { Environment } from "ai-lib";
import { Problems } from "../config/problems.js";
import { configError } from "../config-error.js";
import { type AdminSettings, adminSettings } from "./settings.js";

/**
 * Reads the settings of the admin API of a gateway without a file.
 * @returns undefined where the environment asks for none
 * @throws {AiLibError} `CONFIG_ERROR` for a wrong variable
 */
export function environmentSettings(environment: Environment): AdminSettings | undefined {
  const problems = new Problems();
  const settings = adminSettings(undefined, environment, problems);
  const [first] = problems.found;
  if (first !== undefined) throw configError(first.message);
  return settings;
}
