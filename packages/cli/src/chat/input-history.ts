import { join } from "node:path";
import { redactor } from "ai-lib/logs";
import { readPrivateJson, stateFolder, writePrivateJson } from "../private-store.js";
import { savesConversations } from "../saved/conversation.js";

/** The most inputs that are remembered. */
const MAX_INPUTS = 500;
const WHAT = "The input history";

function locate(environment: NodeJS.ProcessEnv): string {
  return join(stateFolder(environment), "chat-inputs.json");
}

/** Reads what was typed into earlier chats, latest first. A damaged file counts as empty. */
export async function readInputs(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const value = await readPrivateJson(WHAT, locate(environment)).catch(() => undefined);
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/** Remembers what was typed, without credentials. Does nothing where conversations are not saved. */
export async function writeInputs(environment: NodeJS.ProcessEnv, inputs: readonly string[]): Promise<void> {
  if (!savesConversations(environment)) return;
  const redact = redactor();
  await writePrivateJson(WHAT, locate(environment), inputs.slice(0, MAX_INPUTS).map(redact)).catch(
    () => undefined,
  );
}
