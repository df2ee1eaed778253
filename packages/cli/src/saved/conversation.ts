import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Message } from "ai-lib";
import { usageError } from "../errors.js";
import { isObject } from "../json.js";
import { readPrivateJson, stateFolder, writePrivateJson } from "../private-store.js";

/** A conversation that a later command can continue. */
export interface SavedConversation {
  readonly version: 1;
  /** The model that answered last, as `provider/model`. */
  readonly model: string;
  readonly messages: readonly Message[];
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** The name under which `-c` finds the latest conversation. */
export const LATEST = "latest";

const WHAT = "The conversation";
/** The largest conversation that is saved, in characters of JSON. */
const MAX_SAVED = 32 * 1024 * 1024;

function locate(environment: NodeJS.ProcessEnv, name: string): string {
  if (!/^[\w-][\w.-]*$/.test(name))
    throw usageError(`"${name}" cannot be the name of a conversation: use letters, digits, ".", "-" and "_"`);
  return join(stateFolder(environment), "conversations", `${name}.json`);
}

/** Whether conversations are saved: not if `AI_LIB_CONVERSATIONS` is `off`, `no`, `false` or `0`. */
export function savesConversations({ AI_LIB_CONVERSATIONS = "" }: NodeJS.ProcessEnv): boolean {
  return !["off", "no", "false", "0"].includes(AI_LIB_CONVERSATIONS.toLowerCase());
}

/**
 * Reads a saved conversation; undefined if there is none of this name.
 * @throws {AiLibError} `CONFIG_ERROR` for a damaged file, or one that others may read.
 */
export async function readConversation(
  environment: NodeJS.ProcessEnv,
  name: string,
): Promise<SavedConversation | undefined> {
  const path = locate(environment, name);
  const value = await readPrivateJson(WHAT, path);
  if (value === undefined) return undefined;
  if (!isObject(value) || value["version"] !== 1 || !Array.isArray(value["messages"]))
    throw usageError(`${WHAT} ${path} is damaged, or of a newer version. Delete it, or update ai-lib-cli`);
  return value as unknown as SavedConversation;
}

/**
 * Saves a conversation in a file that only its owner can read, under its name and as the latest.
 * @returns whether it was saved: not if it is too large, or saving is off
 */
export async function saveConversation(
  environment: NodeJS.ProcessEnv,
  name: string | undefined,
  conversation: SavedConversation,
): Promise<boolean> {
  if (!savesConversations(environment) && name === undefined) return false;
  if (JSON.stringify(conversation).length > MAX_SAVED) return false;
  for (const each of new Set([name ?? LATEST, LATEST]))
    await writePrivateJson(WHAT, locate(environment, each), conversation);
  return true;
}

/** Lists the names of the saved conversations. */
export async function listConversations(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const files = await readdir(join(stateFolder(environment), "conversations")).catch(() => []);
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/** Deletes a saved conversation. */
export async function removeConversation(environment: NodeJS.ProcessEnv, name: string): Promise<void> {
  await rm(locate(environment, name), { force: true });
}
