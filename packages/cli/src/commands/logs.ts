import { configError } from "../errors.js";
import { type HistoryEntry, historyIsOn, historyPath, readHistory, turn } from "../history.js";
import { colorsFor, type Io } from "../io.js";
import { dollars, duration } from "../report.js";

/** Options of `ai-lib logs`. */
export interface LogsOptions {
  readonly count: string;
  readonly search?: string;
  readonly json?: boolean;
}

/** Shows the latest questions and answers of the history. */
export async function logs(io: Io, options: LogsOptions): Promise<void> {
  const count = Number(options.count);
  if (!Number.isInteger(count) || count < 0)
    throw configError(`--count takes a whole number of 0 or more, not "${options.count}"`);
  const entries = await readHistory(io.environment, count, options.search);
  if (entries.length === 0) {
    const hint = (await historyIsOn(io.environment))
      ? "Nothing was found in the history."
      : "No history is kept. Turn it on with: ai-lib logs on (or set AI_LIB_HISTORY=1)";
    io.stderr.write(`${hint}\n`);
  }
  for (const entry of entries)
    io.stdout.write(options.json === true ? `${JSON.stringify(entry)}\n` : `${readable(io, entry)}\n\n`);
}

function readable(io: Io, entry: HistoryEntry): string {
  const color = colorsFor(io, io.stdout);
  const facts = [
    entry.time,
    entry.provider === undefined ? undefined : `${entry.provider}/${entry.model}`,
    entry.totalMs === undefined ? undefined : duration(entry.totalMs),
    entry.outputTokens === undefined ? undefined : `${entry.inputTokens} in, ${entry.outputTokens} out`,
    entry.cost === undefined ? undefined : dollars(entry.cost),
    entry.error,
  ].filter((fact) => fact !== undefined);
  return [
    color.dim(facts.join(" · ")),
    color.cyan(`> ${entry.prompt}`),
    ...(entry.text === undefined ? [] : [entry.text]),
  ].join("\n");
}

/** Turns the history on or off. */
export async function turnHistory(io: Io, on: boolean): Promise<void> {
  await turn(io.environment, on);
  const path = historyPath(io.environment);
  io.stderr.write(
    on
      ? `Prompts and answers are kept in ${path} from now on, readable by you alone.\n`
      : `Nothing is kept from now on. What was kept is in ${path}; delete it as you like.\n`,
  );
}

/** Prints where the history is kept. */
export function showHistoryPath(io: Io): void {
  io.stdout.write(`${historyPath(io.environment)}\n`);
}
