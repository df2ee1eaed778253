import { measureText } from "./table.js";

/**
 * Breaks lines between words, so that none is longer than a terminal is wide. Indented lines stay whole: they hold commands,
 * which are copied.
 * @param width columns of the terminal; infinite for a pipe, where nothing is broken
 */
export function wrapText(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => (line.startsWith(" ") || measureText(line) <= width ? line : wrapLine(line, width)))
    .join("\n");
}

function wrapLine(line: string, width: number): string {
  let wrapped = "";
  let column = 0;
  for (const word of line.split(" ")) {
    const length = measureText(word);
    const breaks = column > 0 && column + 1 + length > width;
    wrapped += column === 0 ? word : `${breaks ? "\n" : " "}${word}`;
    column = column === 0 || breaks ? length : column + 1 + length;
  }
  return wrapped;
}
