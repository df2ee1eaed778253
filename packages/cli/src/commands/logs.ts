import type { HistoryEntry } from "../history/entry.js";
import { readHistory } from "../history/read.js";
import { isRecording, locateHistory, setRecording } from "../history/settings.js";
import { type Io, selectColors } from "../io.js";
import { parseWholeNumber } from "../option-values.js";
import { formatDollars, formatDuration } from "../report.js";
import { foreignText } from "../terminal.js";

/** Options of `ai-lib logs`. */
export interface LogsOptions {
  readonly count: string;
  readonly search?: string;
  readonly json?: boolean;
}

/** Shows the latest entries of the history. */
export async function showLogs(io: Io, options: LogsOptions): Promise<void> {
  const count = parseWholeNumber("--count", options.count);
  const entries = await readHistory(io.environment, count, options.search);
  if (entries.length === 0) {
    const hint = (await isRecording(io.environment))
      ? "The history has no such entries."
      : "Recording is off. Turn it on with: ai-lib logs on (or set AI_LIB_HISTORY=1)";
    io.stderr.write(`${hint}\n`);
  }
  for (const entry of entries)
    io.stdout.write(options.json === true ? `${JSON.stringify(entry)}\n` : `${formatEntry(io, entry)}\n\n`);
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
    color.dim(foreignText(io.stdout, facts.join(" · "))),
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
