import type { Io } from "../../io.js";
import { countOf, formatDollars } from "./amounts.js";
import { connect, formatTable, print } from "./connect.js";
import { type FilterOptions, filterOf } from "./filters.js";
import { noCalls } from "./no-calls.js";

/** Options of `usage`, as texts. */
export interface UsageOptions extends FilterOptions {
  readonly by?: string;
  readonly limit?: string;
}

interface Sum {
  readonly calls: number;
  readonly errors: number;
  readonly estimated: number;
  readonly dollars: number;
  readonly unpriced: number;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

interface Report {
  readonly from: string;
  readonly to: string;
  readonly groups: readonly { readonly by: Readonly<Record<string, string>>; readonly sum: Sum }[];
  readonly omitted: number;
  readonly total: Sum;
}

/** Prints what was used. */
export async function showUsage(io: Io, options: UsageOptions): Promise<void> {
  const { by, limit } = options;
  const query = { ...filterOf(options), groupBy: by, limit };
  const client = connect(io, options);
  const { body } = await client.call<Report>("GET", "/usage", { query });
  const isEmpty = body.total.calls === 0 && options.json !== true;
  const note = isEmpty ? [await noCalls(client, options)] : [];
  print(io, options, body, (report) => [formatReport(report, by?.split(",") ?? []), ...note].join("\n"));
}

function formatReport({ from, to, groups, omitted, total }: Report, by: readonly string[]): string {
  const heads = [...by.map((name) => name.toUpperCase()), ...HEADS];
  const rows = groups.map(({ by: values, sum }) => [
    ...by.map((name) => values[name] ?? "-"),
    ...cellsOf(sum),
  ]);
  const last = [...by.map((_, index) => (index === 0 ? "TOTAL" : "")), ...cellsOf(total)];
  return [
    `${from} to ${to}`,
    formatTable(heads, by.length === 0 ? [cellsOf(total)] : [...rows, last]),
    ...(omitted > 0 ? [`${countOf(omitted, "more group", "more groups")}: --limit shows all`] : []),
    ...(total.unpriced > 0
      ? [`${countOf(total.unpriced, "attempt has", "attempts have")} no known price: the dollars are without`]
      : []),
    ...(total.estimated > 0
      ? [`${countOf(total.estimated, "attempt has", "attempts have")} estimated usage or cost`]
      : []),
  ].join("\n");
}

const HEADS = ["CALLS", "ERRORS", "INPUT", "CACHED", "OUTPUT", "DOLLARS"];

function cellsOf({ calls, errors, input, cached, output, dollars }: Sum): string[] {
  return [...[calls, errors, input, cached, output].map(String), formatDollars(dollars)];
}
