import { usageError } from "../errors.js";
import type { HistoryEntry } from "../history/entry.js";
import { isRecording, locateHistory, setRecording } from "../history/settings.js";
import { HistoryStore } from "../history/store.js";
import { type Io, measureWidth, selectColors } from "../io.js";
import { parseWholeNumber, startOf } from "../option-values.js";
import { formatDollars, formatDuration } from "../report.js";
import { foreignText, leaveControls } from "../terminal.js";
import { wrapText } from "../wrap-text.js";

/** Options of `ai-lib logs`. */
export interface LogsOptions {
  readonly count: string;
  readonly query?: string;
  readonly json?: boolean;
  /** Leaves control sequences in the entries that go to a terminal. */
  readonly raw?: boolean;
}

/** Shows the latest entries of the history. */
export async function showLogs(given: Io, options: LogsOptions): Promise<void> {
  const io = leaveControls(given, options.raw);
  const count = parseWholeNumber("--count", options.count);
  const store = await HistoryStore.open(io.environment);
  let shown = 0;
  try {
    for (const entry of store.read(count, options.query)) {
      shown++;
      io.stdout.write(options.json === true ? `${JSON.stringify(entry)}\n` : `${formatEntry(io, entry)}\n\n`);
    }
  } finally {
    store.close();
  }
  if (shown > 0) return;
  const hint = (await isRecording(io.environment))
    ? "The history has no such entries."
    : "Recording is off. Turn it on with: ai-lib logs on (or set AI_LIB_HISTORY=1)";
  io.stderr.write(`${hint}\n`);
}

/**
 * Deletes entries: those older than a time such as `30d`, or all.
 * @throws {AiLibError} `CONFIG_ERROR` if neither is named.
 */
export async function removeLogs(
  io: Io,
  { before, all }: { readonly before?: string; readonly all?: boolean },
): Promise<void> {
  if ((before === undefined) === (all !== true))
    throw usageError("Say what to delete: ai-lib logs rm --before 30d, or ai-lib logs rm --all");
  const store = await HistoryStore.open(io.environment);
  try {
    const count = store.remove(before === undefined ? undefined : startOf("--before", before));
    io.stderr.write(`Deleted ${count} ${count === 1 ? "entry" : "entries"}.\n`);
  } finally {
    store.close();
  }
}

function formatEntry(io: Io, entry: HistoryEntry): string {
  const color = selectColors(io, io.stdout);
  const facts = [
    entry.time,
    entry.provider === undefined ? undefined : `${entry.provider}/${entry.model}`,
    entry.totalMs === undefined ? undefined : formatDuration(entry.totalMs),
    entry.outputTokens === undefined ? undefined : `${entry.inputTokens} in, ${entry.outputTokens} out`,
    entry.cost === undefined ? undefined : formatDollars(entry.cost),
    entry.error,
  ].filter((fact) => fact !== undefined);
  return [
    color.dim(wrapText(foreignText(io.stdout, facts.join(" · ")), measureWidth(io.stdout))),
    color.cyan(`> ${foreignText(io.stdout, entry.prompt)}`),
    ...(entry.text === undefined ? [] : [foreignText(io.stdout, entry.text)]),
  ].join("\n");
}

/** Turns recording on or off. */
export async function turnLogs(io: Io, on: boolean): Promise<void> {
  await setRecording(io.environment, on);
  const path = locateHistory(io.environment);
  io.stderr.write(
    on
      ? `Recording is on. Prompts and answers go to ${path}. Only you can read this file.\n`
      : `Recording is off. Recorded entries remain in ${path}; delete the file to remove them.\n`,
  );
}

/** Prints the path of the history file. */
export function showLogsPath(io: Io): void {
  io.stdout.write(`${locateHistory(io.environment)}\n`);
}
