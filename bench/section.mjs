import { readFileSync, writeFileSync } from "node:fs";

const FILE = new URL("RESULTS.md", import.meta.url);
const END = "<!-- end of the section -->";

/** Writes one section of `bench/RESULTS.md`: replaces the section with this title, or appends it. */
export function writeSection(title, text) {
  const begin = `<!-- section: ${title} -->`;
  const section = `${begin}\n${text.trim()}\n${END}\n`;
  const page = readFileSync(FILE, "utf8");
  const from = page.indexOf(begin);
  const to = page.indexOf(END, from) + END.length + 1;
  writeFileSync(
    FILE,
    from === -1 ? `${page.trimEnd()}\n\n${section}` : page.slice(0, from) + section + page.slice(to),
  );
}
