import { isRecording } from "../history/settings.js";
import { HistoryStore, type Spending } from "../history/store.js";
import { type Io, measureWidth } from "../io.js";
import { startOf } from "../option-values.js";
import { formatDollars } from "../report.js";
import { formatTable } from "../table.js";
import { foreignText } from "../terminal.js";

/** Shows what recorded calls cost, by provider and model. */
export async function showCost(
  io: Io,
  options: { readonly since: string; readonly json?: boolean },
): Promise<void> {
  const since = startOf("--since", options.since);
  const store = await HistoryStore.open(io.environment);
  let spent: Spending[];
  try {
    spent = store.sum(since);
  } finally {
    store.close();
  }
  if (options.json === true) io.stdout.write(`${JSON.stringify(spent, null, 2)}\n`);
  else if (spent.length > 0) io.stdout.write(`${formatSpending(io, spent)}\n`);
  if (!(await isRecording(io.environment)))
    io.stderr.write("Recording is off, so that only earlier calls count. Turn it on with: ai-lib logs on\n");
  else if (spent.length === 0) io.stderr.write(`No calls were recorded since ${since.slice(0, 10)}.\n`);
}

function formatSpending(io: Io, spent: readonly Spending[]): string {
  const rows = spent.map((each) => formatRow(foreignText(io.stdout, `${each.provider}/${each.model}`), each));
  const sumOf = (field: "calls" | "inputTokens" | "outputTokens" | "cost" | "unpriced") =>
    spent.reduce((sum, each) => sum + each[field], 0);
  const total = {
    provider: "",
    model: "",
    calls: sumOf("calls"),
    inputTokens: sumOf("inputTokens"),
    outputTokens: sumOf("outputTokens"),
    cost: sumOf("cost"),
    unpriced: sumOf("unpriced"),
  };
  const headings = ["model", "calls", "in", "out", "cost"];
  return formatTable(
    headings.map((heading, i) => ({ heading, right: i > 0 })),
    [...rows, formatRow("total", total)],
    measureWidth(io.stdout),
  );
}

function formatRow(name: string, { calls, inputTokens, outputTokens, cost, unpriced }: Spending): string[] {
  const price = unpriced === calls ? "unknown" : `${unpriced > 0 ? "at least " : ""}${formatDollars(cost)}`;
  return [name, String(calls), String(inputTokens), String(outputTokens), price];
}
