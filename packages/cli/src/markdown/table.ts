import type { Colors } from "../io.js";
import { fitWidths, formatRow, measureText } from "../table.js";
import { formatInline } from "./inline.js";

/** Whether a line can belong to a table. */
export function isTableRow(line: string): boolean {
  return /^\s*\|.*\|\s*$/.test(line);
}

/** Whether a line is the rule below the headings of a table. */
function isRule(line: string): boolean {
  return /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/.test(line);
}

/** Formats the lines of a table as aligned columns that fit the width: the widest columns are cut, with an ellipsis. */
export function formatMarkdownTable(lines: readonly string[], color: Colors, width: number): string[] {
  const headed = lines[1] !== undefined && isRule(lines[1]);
  const rows = lines.filter((line) => !isRule(line)).map((line) => readCells(line));
  const shown = rows.map((row) => row.map((cell) => formatInline(cell, color)));
  const columns = Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, i) => i);
  const wanted = columns.map((i) => Math.max(1, ...shown.map((row) => measureText(row[i] ?? ""))));
  const widths = fitWidths(wanted, width);
  const text = shown.map((row) => formatRow(row, widths).trimEnd());
  const [head = "", ...body] = text;
  if (!headed) return text;
  const rule = formatRow(
    widths.map((room) => "─".repeat(room)),
    widths,
  );
  return [color.bold(head), color.dim(rule), ...body];
}

function readCells(line: string): string[] {
  const inner = line.trim().slice(1, -1);
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}
