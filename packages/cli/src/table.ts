import stringWidth from "fast-string-width";

/** A column of a table. */
export interface Column {
  readonly heading: string;
  /** Align the cells to the right, for numbers. Default false. */
  readonly right?: boolean;
}

/** Blanks between two columns. */
const GAP = "  ";
/** The narrowest that a column is cut to. */
const NARROWEST = 3;
/** The narrowest that is still read: one column is cut as far before a second one is. */
const READABLE = 12;

/**
 * Formats rows under headings as aligned columns. Cells may contain colours, which take no width.
 * @param width columns of the terminal; the widest columns are cut, with an ellipsis, until the lines fit
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const lines = [columns.map(({ heading }) => heading), ...rows];
  const widths = fitWidths(
    columns.map((_, i) => Math.max(...lines.map((row) => measureText(row[i] ?? "")))),
    width,
  );
  return lines.map((row) => formatRow(row, widths, (i) => columns[i]?.right === true).trimEnd()).join("\n");
}

/** Formats one row in columns of these widths. */
export function formatRow(
  cells: readonly string[],
  widths: readonly number[],
  isRight: (column: number) => boolean = () => false,
): string {
  return widths
    .map((room, i) => {
      const cell = cutText(cells[i] ?? "", room);
      const padding = " ".repeat(Math.max(0, room - measureText(cell)));
      return isRight(i) ? padding + cell : cell + padding;
    })
    .join(GAP);
}

/**
 * Narrows columns until they and the gaps between them fit the width: the widest one alone if enough of it is left, else
 * whichever is the widest, character by character.
 */
export function fitWidths(wanted: readonly number[], width: number): number[] {
  const widths = [...wanted];
  let surplus = widths.reduce((sum, each) => sum + each, GAP.length * (widths.length - 1)) - width;
  const longest = Math.max(...widths);
  if (surplus > 0 && longest - surplus >= READABLE) {
    widths[widths.lastIndexOf(longest)] = longest - surplus;
    return widths;
  }
  while (surplus > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
    surplus--;
  }
  return widths;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour is a control sequence.
const COLOR = /\u001b\[[0-9;]*m/g;

/** The columns that a text takes on a terminal: colours take none, and wide characters two. */
export function measureText(text: string): number {
  return stringWidth(text.replace(COLOR, ""));
}

/** Cuts a text to a width, with an ellipsis in place of the rest; a text that is cut loses its colours. */
export function cutText(cell: string, room: number): string {
  if (measureText(cell) <= room) return cell;
  let cut = "";
  let length = 0;
  for (const char of cell.replace(COLOR, "")) {
    length += stringWidth(char);
    if (length > room - 1) break;
    cut += char;
  }
  return `${cut}…`;
}
