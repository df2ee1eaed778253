import { configError } from "../../config-error.js";
import type { Io } from "../../io.js";
import { escapeControls } from "../../terminal-text.js";
import { pathOf } from "./admin-client.js";
import { formatDollars } from "./amounts.js";
import { type AdminOptions, connect, formatTable, print } from "./connect.js";
import { type FilterOptions, filterOf, limitOf } from "./filters.js";
import { noCalls } from "./no-calls.js";
import { presentRows } from "./node-options.js";

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
  readonly dialect?: string;
  readonly outcome: string;
  readonly code?: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly firstContentMs?: number;
  readonly meters?: Tokens;
  readonly estimated: boolean;
  readonly dollars?: number;
  readonly rate?: string;
}

interface Tokens {
  readonly input: number;
  readonly output: number;
}

interface Entry {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly firstContentMs?: number;
  readonly key: string;
  readonly groups: readonly string[];
  readonly user?: string;
  readonly session?: string;
  readonly tags: readonly string[];
  readonly route: string;
  readonly kind: string;
  readonly mode: string;
  readonly dialect: string;
  readonly model?: string;
  readonly status: string;
  readonly code?: string;
  readonly meters: Tokens;
  readonly dollars?: number;
  readonly attempts: readonly Attempt[];
}

/** Prints calls that ended, the latest first; with `--follow` those that end from now on. */
export async function showLogs(io: Io, options: LogsOptions): Promise<void> {
  const { status, code, follow = false } = options;
  const query = { ...filterOf(options), status, code };
  const client = connect(io, options);
  if (!follow) {
    const entries = await client.all<Entry>("/logs", query, limitOf(options.limit, "calls"));
    const isEmpty = entries.length === 0 && options.json !== true;
    const note = isEmpty ? await noCalls(client, options) : undefined;
    print(io, options, entries, () => note ?? formatEntries(entries));
    return;
  }
  if (options.limit !== undefined || options.since !== undefined || options.until !== undefined)
    throw configError("--follow excludes --since, --until and --limit");
  let heads = `${formatTable(WIDE_HEADS, [])}\n`;
  for await (const { event, data } of client.events("/logs/tail", query)) {
    if (event !== "call") continue;
    io.stdout.write(
      options.json === true ? `${escapeControls(data)}\n` : `${heads}${formatLine(JSON.parse(data))}\n`,
    );
    heads = "";
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

const HEADS = ["ENDED", "STATUS", "KEY", "ROUTE", "MODEL", "MS", "INPUT", "OUTPUT", "DOLLARS", "ID"];

/** The heads of a tail, as wide as most of its cells: the next calls are not known yet. */
const WIDTHS = [24, 16, 16, 12, 28, -6, -7, -7, -9, 29];
const WIDE_HEADS = HEADS.map((head, index) => {
  const width = WIDTHS[index] ?? 0;
  return width < 0 ? head.padStart(-width) : head.padEnd(width);
});

function formatEntries(entries: readonly Entry[]): string {
  return [formatTable(HEADS, entries.map(cellsOf)), ...noteOf(entries)].join("\n");
}

function noteOf(entries: readonly Entry[]): string[] {
  return entries.some(isEstimated)
    ? ["~ estimated: a provider reported no usage, or its cost is unknown"]
    : [];
}

/** One call of a tail, below its heads. */
function formatLine(entry: Entry): string {
  const [, line = ""] = formatTable(WIDE_HEADS, [cellsOf(entry)]).split("\n");
  return line;
}

function cellsOf(entry: Entry): string[] {
  const { endedAt, status, code, key, route, id, attempts } = entry;
  const last = attempts.findLast(({ outcome }) => outcome !== "skipped");
  return [
    ...[endedAt, code ?? status, key, route, last === undefined ? "-" : `${last.provider}/${last.model}`],
    ...[String(tookMs(entry)), ...useOf({ ...entry, estimated: isEstimated(entry) }), id],
  ];
}

interface Use {
  readonly meters?: Tokens;
  readonly dollars?: number;
  readonly estimated: boolean;
}

/** Tokens and dollars: `~` for an estimate, `?` for an unknown price, `-` for what used nothing. */
function useOf({ meters, dollars, estimated }: Use): string[] {
  if (meters === undefined && dollars === undefined) return ["-", "-", "-"];
  const mark = estimated ? "~" : "";
  return [
    ...[meters?.input, meters?.output].map((tokens) => (tokens === undefined ? "-" : `${mark}${tokens}`)),
    dollars === undefined ? "?" : `${mark}${formatDollars(dollars)}`,
  ];
}

function isEstimated({ attempts }: Entry): boolean {
  return attempts.some(({ estimated }) => estimated);
}

const ATTEMPT_HEADS = ["ATTEMPT", "DIALECT", "OUTCOME", "MS", "FIRST", "INPUT", "OUTPUT", "DOLLARS", "RATE"];

function formatCall(entry: Entry): string {
  const { id, startedAt, endedAt, firstContentMs, key, groups, user, session, tags } = entry;
  const [input, output, dollars] = useOf({ ...entry, estimated: isEstimated(entry) });
  const call = presentRows([
    ["started", startedAt],
    ["ended", endedAt],
    ["status", entry.code ?? entry.status],
    ["took", `${tookMs(entry)} ms`],
    ["first content", firstContentMs === undefined ? undefined : `${Math.round(firstContentMs)} ms`],
    ["key", key],
    ["groups", groups.join(" ") || undefined],
    ["user", user],
    ["session", session],
    ["tags", tags.join(", ") || undefined],
    ["route", entry.route],
    ["model", entry.model],
    ["kind", `${entry.kind}, ${entry.mode}`],
    ["dialect", entry.dialect],
    ["tokens", `${input} in, ${output} out`],
    ["dollars", dollars],
  ]);
  const attempts = entry.attempts.map((attempt) => [
    ...[`${attempt.provider}/${attempt.model}`, attempt.dialect ?? "-"],
    ...[attempt.code ?? attempt.outcome, String(tookMs(attempt))],
    attempt.firstContentMs === undefined ? "-" : String(Math.round(attempt.firstContentMs)),
    ...[...useOf(attempt), attempt.rate ?? "-"],
  ]);
  const parts = [formatTable(["CALL", id], call), "", formatTable(ATTEMPT_HEADS, attempts)];
  return [...parts, ...noteOf([entry])].join("\n");
}

function tookMs({ startedAt, endedAt }: { readonly startedAt: string; readonly endedAt: string }): number {
  return Date.parse(endedAt) - Date.parse(startedAt);
}
