/** A column of a table. */
export interface Column {
  readonly heading: string;
  /** Align the cells to the right, for numbers. Default false. */
  readonly right?: boolean;
}

/**
 * Formats rows under headings as aligned columns. Cells may contain colours, which take no width.
 * @param width columns of the terminal; the last column is cut to fit, but never below 8 characters
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const widths = columns.map((column, i) =>
    Math.max(column.heading.length, ...rows.map((row) => countVisible(row[i] ?? ""))),
  );
  const formatRow = (cells: readonly string[]) => {
    let text = "";
    cells.forEach((cell, i) => {
      const last = i === cells.length - 1;
      const shown = last ? shorten(cell, Math.max(8, width - countVisible(text))) : cell;
      const padding = " ".repeat(Math.max(0, (widths[i] ?? 0) - countVisible(shown)));
      text += columns[i]?.right === true ? padding + shown : last ? shown : shown + padding;
      if (!last) text += "  ";
    });
    return text;
  };
  return [formatRow(columns.map((column) => column.heading)), ...rows.map(formatRow)].join("\n");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour is a control sequence.
const COLOR = /\u001b\[[0-9;]*m/g;

function countVisible(text: string): number {
  return text.replace(COLOR, "").length;
}

function shorten(text: string, room: number): string {
  return countVisible(text) <= room ? text : `${text.replace(COLOR, "").slice(0, room - 1)}…`;
}
