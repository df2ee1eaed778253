import { createReadStream } from "node:fs";
import { access, appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { AiLibError, type ChatRequest, type ChatResponse, systemClock, textOf } from "ai-lib";
import { redactor } from "ai-lib/logs";
import { configError } from "./errors.js";
import type { Io } from "./io.js";
import { isObject, tryParse } from "./json.js";
import { speedOf } from "./report.js";

/** One question and what came of it, as a line of the history. */
export interface HistoryEntry {
  /** ISO 8601. */
  readonly time: string;
  readonly command: string;
  readonly prompt: string;
  readonly provider?: string;
  readonly model?: string;
  readonly text?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly usageStatus?: string;
  /** US dollars, where the price is known. */
  readonly cost?: number;
  readonly totalMs?: number;
  readonly firstContentMs?: number;
  readonly attempts?: number;
  readonly finishReason?: string;
  /** `errorCodeWithSeverity()` of a call that failed. */
  readonly error?: string;
}

const OFF: ReadonlySet<string> = new Set(["", "0", "off", "false", "no"]);
const ON: ReadonlySet<string> = new Set(["1", "on", "true", "yes"]);

/** Where the history is: the path in `AI_LIB_HISTORY`, else below the user's folder for state. */
export function historyPath(environment: NodeJS.ProcessEnv): string {
  const { AI_LIB_HISTORY: given = "", XDG_STATE_HOME, LOCALAPPDATA } = environment;
  if (!OFF.has(given.toLowerCase()) && !ON.has(given.toLowerCase())) return given;
  const home = environment["HOME"] ?? homedir();
  return join(XDG_STATE_HOME ?? LOCALAPPDATA ?? join(home, ".local", "state"), "ai-lib", "history.jsonl");
}

/** Exists while the history was turned on for good. */
function switchPath(environment: NodeJS.ProcessEnv): string {
  return `${historyPath(environment)}.on`;
}

/** Whether questions and answers are kept: as `AI_LIB_HISTORY` says, else as it was turned. Not by default. */
export async function historyIsOn(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const given = environment["AI_LIB_HISTORY"];
  if (given !== undefined) return !OFF.has(given.toLowerCase());
  return access(switchPath(environment)).then(
    () => true,
    () => false,
  );
}

/** Turns the history on or off for good. */
export async function turn(environment: NodeJS.ProcessEnv, on: boolean): Promise<void> {
  const path = switchPath(environment);
  if (!on) return rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, "", { mode: 0o600 });
}

/** Does what a command does and keeps what came of it, where that was turned on. */
export async function kept(
  io: Io,
  command: string,
  request: ChatRequest,
  answer: () => Promise<ChatResponse>,
): Promise<ChatResponse> {
  if (!(await historyIsOn(io.environment))) return answer();
  const asked = { time: new Date(systemClock.now()).toISOString(), command, prompt: promptOf(request) };
  try {
    const response = await answer();
    await append(io, { ...asked, ...answered(response) });
    return response;
  } catch (error) {
    const failure = AiLibError.from(error);
    await append(io, {
      ...asked,
      ...(failure.partial === undefined ? {} : answered(failure.partial)),
      error: failure.errorCodeWithSeverity(),
    });
    throw error;
  }
}

function promptOf(request: ChatRequest): string {
  const last = request.messages.findLast(({ role }) => role === "user");
  return last === undefined ? "" : textOf(last.content);
}

function answered(response: ChatResponse): Omit<HistoryEntry, "time" | "command" | "prompt"> {
  const { totalMs, firstContentMs } = speedOf(response);
  return {
    provider: response.provider,
    model: response.model,
    text: response.text,
    inputTokens: response.usage.inputTokens,
    outputTokens: response.usage.outputTokens,
    usageStatus: response.usageStatus,
    ...(response.cost === undefined ? {} : { cost: response.cost }),
    ...(totalMs === undefined ? {} : { totalMs: Math.round(totalMs) }),
    ...(firstContentMs === undefined ? {} : { firstContentMs: Math.round(firstContentMs) }),
    attempts: response.attempts.length,
    finishReason: response.finishReason,
  };
}

/** Adds a line; credentials that somebody pasted into a prompt are taken out. A full disk spoils no answer. */
async function append(io: Io, entry: HistoryEntry): Promise<void> {
  const redact = redactor();
  const line = {
    ...entry,
    prompt: redact(entry.prompt),
    ...(entry.text === undefined ? {} : { text: redact(entry.text) }),
  };
  const path = historyPath(io.environment);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await appendFile(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  } catch (error) {
    io.stderr.write(`The history ${path} cannot be written: ${(error as Error).message}\n`);
  }
}

/**
 * The latest entries, oldest first; none where there is no history. Lines that are none are passed over.
 * @param count 0 for all
 * @param search text that an entry must hold, in whichever case
 * @throws {AiLibError} `CONFIG_ERROR` where the file cannot be read.
 */
export async function readHistory(
  environment: NodeJS.ProcessEnv,
  count: number,
  search: string | undefined,
): Promise<HistoryEntry[]> {
  const path = historyPath(environment);
  const wanted = search?.toLowerCase();
  const found: HistoryEntry[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(path, "utf8") })) {
      const value = tryParse(line);
      if (!isEntry(value)) continue;
      const held = [value.prompt, value.text, value.provider, value.model, value.error].join("\n");
      if (wanted !== undefined && !held.toLowerCase().includes(wanted)) continue;
      found.push(value);
      if (count > 0 && found.length > count) found.shift();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw configError(`The history ${path} cannot be read: ${(error as Error).message}`);
  }
  return found;
}

function isEntry(value: unknown): value is HistoryEntry {
  return isObject(value) && typeof value["time"] === "string" && typeof value["prompt"] === "string";
}
