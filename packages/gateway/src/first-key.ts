import type { Environment } from "ai-lib";
import { configError } from "./config-error.js";
import type { DeclaredRecords } from "./keys/combined.js";
import { declaredKey } from "./keys/directory.js";
import { MIN_KEY_LENGTH } from "./keys/secret.js";

/** The variable that holds the key of a gateway whose file has none. */
const KEY_VARIABLE = "AI_LIB_GATEWAY_KEY";

/** The key in the environment; undefined for none. @throws {AiLibError} `CONFIG_ERROR` for one that is too short. */
export function givenKey(environment: Environment): string | undefined {
  const key = environment[KEY_VARIABLE]?.trim();
  if (key === undefined || key === "") return undefined;
  if (key.length >= MIN_KEY_LENGTH) return key;
  throw configError(`${KEY_VARIABLE}: a key has at least ${MIN_KEY_LENGTH} characters`);
}

/** The records of a configuration, with the key of the environment, or of this run, where it declares none. */
export function withFirstKey(
  declared: DeclaredRecords,
  first: string | undefined,
  pepper: string,
): DeclaredRecords {
  if (first === undefined || declared.keys.length > 0) return declared;
  return { groups: declared.groups, keys: [declaredKey("first", first, {}, pepper)] };
}
