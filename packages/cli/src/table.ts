/** A column of a table: its heading, and whether its cells stand at the right (numbers). */
export interface Column {
  readonly heading: string;
  readonly right?: boolean;
}

/**
 * Rows under headings, padded to columns and cut to a width; cells may hold colours, which take no room.
 * @param width columns of the terminal; the last column gives way.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const widths = columns.map((column, i) =>
    Math.max(column.heading.length, ...rows.map((row) => visibleLength(row[i] ?? ""))),
  );
  const line = (cells: readonly string[]) => {
    let text = "";
    cells.forEach((cell, i) => {
      const room = widths[i] ?? 0;
      const last = i === cells.length - 1;
      const shown = last ? shorten(cell, Math.max(8, width - visibleLength(text))) : cell;
      const padding = " ".repeat(Math.max(0, room - visibleLength(shown)));
      text += columns[i]?.right === true ? padding + shown : last ? shown : shown + padding;
      if (!last) text += "  ";
    });
    return text;
  };
  return [line(columns.map((column) => column.heading)), ...rows.map(line)].join("\n");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
const COLOUR = /\u001b\[[0-9;]*m/g;

function visibleLength(text: string): number {
  return text.replace(COLOUR, "").length;
}

function shorten(text: string, room: number): string {
  return visibleLength(text) <= room ? text : `${text.replace(COLOUR, "").slice(0, room - 1)}…`;
}
