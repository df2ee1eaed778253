import { configError } from "../../config-error.js";
import type { Io } from "../../io.js";
import { escapeControls } from "../../terminal-text.js";
import { pathOf } from "./admin-client.js";
import { type AdminOptions, connect, formatTable, print } from "./connect.js";
import { type FilterOptions, filterOf, formatDollars } from "./filters.js";

/** Options of `logs`, as texts. */
export interface LogsOptions extends FilterOptions {
  readonly status?: string;
  readonly code?: string;
  readonly limit?: string;
  readonly follow?: boolean;
}

interface Attempt {
  readonly provider: string;
  readonly model: string;
  readonly outcome: string;
  readonly code?: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly dollars?: number;
}

interface Entry {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly key: string;
  readonly route: string;
  readonly kind: string;
  readonly status: string;
  readonly code?: string;
  readonly meters: { readonly input: number; readonly output: number };
  readonly dollars?: number;
  readonly attempts: readonly Attempt[];
}

const DEFAULT_LIMIT = 50;

/** Prints calls that ended, the latest first; with `--follow` those that end from now on. */
export async function showLogs(io: Io, options: LogsOptions): Promise<void> {
  const { status, code, follow = false } = options;
  const query = { ...filterOf(options), status, code };
  const client = connect(io, options);
  if (!follow) {
    const entries = await client.all<Entry>("/logs", query, limitOf(options));
    print(io, options, entries, formatEntries);
    return;
  }
  if (options.limit !== undefined || options.since !== undefined || options.until !== undefined)
    throw configError("--follow excludes --since, --until and --limit");
  for await (const { event, data } of client.events("/logs/tail", query)) {
    if (event !== "call") continue;
    io.stdout.write(`${options.json === true ? escapeControls(data) : formatLine(JSON.parse(data))}\n`);
  }
}

/** Prints one call with its attempts; with `--content` also the request and the answer, if they are stored. */
export async function showCall(
  io: Io,
  id: string,
  options: AdminOptions & { readonly content?: boolean },
): Promise<void> {
  const client = connect(io, options);
  if (options.content === true) {
    const { body } = await client.call("GET", pathOf("/logs/{id}/content", { id }));
    print(io, { ...options, json: true }, body, String);
    return;
  }
  const { body } = await client.call<Entry>("GET", pathOf("/logs/{id}", { id }));
  print(io, options, body, formatCall);
}

function limitOf({ limit }: LogsOptions): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  if (/^\d{1,6}$/.test(limit) && Number(limit) > 0) return Number(limit);
  throw configError(`--limit must be a number of calls, not ${JSON.stringify(limit)}`);
}

const HEADS = ["ENDED", "STATUS", "KEY", "ROUTE", "MODEL", "MS", "INPUT", "OUTPUT", "DOLLARS", "ID"];

function formatEntries(entries: readonly Entry[]): string {
  return formatTable(HEADS, entries.map(cellsOf));
}

/** One call of a tail, whose columns are as wide as most need. */
function formatLine(entry: Entry): string {
  const [, line = ""] = formatTable(["".padEnd(24), "".padEnd(10)], [cellsOf(entry)]).split("\n");
  return line;
}

function cellsOf(entry: Entry): string[] {
  const { endedAt, status, code, key, route, meters, dollars, id, attempts } = entry;
  const last = attempts.findLast(({ outcome }) => outcome !== "skipped");
  return [
    ...[endedAt, code ?? status, key, route, last === undefined ? "-" : `${last.provider}/${last.model}`],
    ...[String(tookMs(entry)), String(meters.input), String(meters.output)],
    ...[dollars === undefined ? "?" : formatDollars(dollars), id],
  ];
}

function formatCall(entry: Entry): string {
  const attempts = entry.attempts.map((attempt) => [
    ...[`${attempt.provider}/${attempt.model}`, attempt.code ?? attempt.outcome, String(tookMs(attempt))],
    attempt.dollars === undefined ? "?" : formatDollars(attempt.dollars),
  ]);
  return `${formatEntries([entry])}\n\n${formatTable(["ATTEMPT", "OUTCOME", "MS", "DOLLARS"], attempts)}`;
}

function tookMs({ startedAt, endedAt }: { readonly startedAt: string; readonly endedAt: string }): number {
  return Date.parse(endedAt) - Date.parse(startedAt);
}
