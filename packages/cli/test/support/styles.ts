/** What the styles of the command line are called in reviewed files. */
const NAMES: Readonly<Record<string, string>> = {
  "1": "bold",
  "2": "dim",
  "3": "italic",
  "22": "/",
  "23": "/",
  "31": "red",
  "32": "green",
  "33": "yellow",
  "34": "blue",
  "35": "magenta",
  "36": "cyan",
  "39": "/",
  "90": "gray",
};

/**
 * Text with its styles in words: `{bold}Title{/}`. What is no style remains as an escape. Words of one style are joined,
 * so that it does not matter in which pieces they arrived.
 */
export function nameStyles(written: string): string {
  return joinStyles(
    written
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are styles
      .replace(/\x1b\[(\d+)m/g, (found, code: string) => {
        const name = NAMES[code];
        return name === undefined ? found : `{${name}}`;
      })
      .replaceAll("\x1b", "\\e")
      .replaceAll("\r\n", "\n")
      .trimEnd(),
  );
}

function joinStyles(text: string): string {
  let joined = text;
  for (const name of new Set(Object.values(NAMES))) {
    const pieces = joined.split(`{${name}}`);
    joined = pieces.reduce((before, piece) => {
      const [, blanks] = /\{\/\}( *)$/.exec(before) ?? [];
      const open = before.slice(before.lastIndexOf("{", before.length - (blanks?.length ?? 0) - 4));
      return blanks !== undefined && open.startsWith(`{${name}}`)
        ? `${before.slice(0, before.length - blanks.length - 3)}${blanks}${piece}`
        : `${before}{${name}}${piece}`;
    });
  }
  return joined;
}
