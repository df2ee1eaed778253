import type { Capability } from "./capability.js";
import type { ConformanceGroup } from "./definition.js";

/**
 * The outcome of a case: `passed`; `failed`; `skipped`: it needs an undeclared capability, which the provider does not
 * have; `undeclared`: the provider has the capability, which was not declared.
 */
export type CaseStatus = "passed" | "failed" | "skipped" | "undeclared";

/** One line of a report. Plain JSON. */
export interface CaseResult {
  readonly group: ConformanceGroup;
  readonly name: string;
  readonly needs: readonly Capability[];
  readonly status: CaseStatus;
  /** Milliseconds that it took. */
  readonly ms: number;
  /** What was found wrong, or why it was skipped. */
  readonly message?: string;
}

/** What a provider showed. Plain JSON. */
export interface ConformanceReport {
  /** The provider's name. */
  readonly provider: string;
  /** Its default model, where it has one. */
  readonly model?: string;
  /** No case failed. */
  readonly conforms: boolean;
  readonly declared: readonly Capability[];
  /** Capabilities that every case which needs them showed, and that were not declared: declare them. */
  readonly undeclared: readonly Capability[];
  readonly cases: readonly CaseResult[];
}

const MARKS: Readonly<Record<CaseStatus, string>> = {
  passed: "ok",
  failed: "FAILED",
  skipped: "skipped",
  undeclared: "undeclared",
};

/** A report as a table for people: a line for each case, what went wrong below it, and the sums. */
export function conformanceTable(report: ConformanceReport): string {
  const heads = { group: "group", status: "result", ms: "ms", name: "case" };
  const rows = report.cases.map((one) => ({
    group: one.group as string,
    status: MARKS[one.status],
    ms: String(Math.round(one.ms)),
    name: one.name,
    message: one.status === "failed" ? one.message : undefined,
  }));
  const width = (key: "group" | "status" | "ms") =>
    Math.max(heads[key].length, ...rows.map((row) => row[key].length));
  const [group, status, ms] = [width("group"), width("status"), width("ms")];
  const line = (row: typeof heads) =>
    `${row.group.padEnd(group)}  ${row.status.padEnd(status)}  ${row.ms.padStart(ms)}  ${row.name}`;
  const indent = " ".repeat(group + status + ms + 6);
  const lines = rows.flatMap((row) => [
    line(row),
    ...(row.message === undefined ? [] : [`${indent}${row.message}`]),
  ]);
  return [line(heads), ...lines, "", summary(report)].join("\n");
}

function summary({ provider, model, conforms, cases, undeclared }: ConformanceReport): string {
  const of = (status: CaseStatus) => cases.filter((one) => one.status === status).length;
  const name = model === undefined ? provider : `${provider}/${model}`;
  const verdict = conforms ? "conforms" : "does not conform";
  const sums = `${of("passed")} passed, ${of("failed")} failed, ${of("skipped")} skipped`;
  const more = undeclared.length === 0 ? "" : `; shown and not declared: ${undeclared.join(", ")}`;
  return `${name} ${verdict}: ${sums}${more}`;
}
