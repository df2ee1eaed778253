import { access, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stateFolder } from "../private-store.js";

const OFF: ReadonlySet<string> = new Set(["", "0", "off", "false", "no"]);
const ON: ReadonlySet<string> = new Set(["1", "on", "true", "yes"]);

/** Locates the history, an SQLite file: the path in `AI_LIB_HISTORY`, else a file in the user's state folder. */
export function locateHistory(environment: NodeJS.ProcessEnv): string {
  const { AI_LIB_HISTORY: given = "" } = environment;
  if (!OFF.has(given.toLowerCase()) && !ON.has(given.toLowerCase())) return given;
  return join(stateFolder(environment), "history.db");
}

/** Locates the file that exists while recording is on. */
function locateSwitch(environment: NodeJS.ProcessEnv): string {
  return `${locateHistory(environment)}.on`;
}

/**
 * Whether prompts and answers are recorded: as `AI_LIB_HISTORY` says, else as {@link setRecording} left it. Off by
 * default.
 */
export async function isRecording(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const given = environment["AI_LIB_HISTORY"];
  if (given !== undefined) return !OFF.has(given.toLowerCase());
  return access(locateSwitch(environment)).then(
    () => true,
    () => false,
  );
}

/** Turns recording on or off, for this and all later commands. */
export async function setRecording(environment: NodeJS.ProcessEnv, on: boolean): Promise<void> {
  const path = locateSwitch(environment);
  if (!on) return rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, "", { mode: 0o600 });
}
