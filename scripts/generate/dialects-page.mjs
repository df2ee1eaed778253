// The tables in docs/dialects.md: what a reply loses between two dialects, and what each dialect cannot carry.
import { markdownTable, replaceMarked } from "./marked.mjs";

/**
 * The page with its tables renewed.
 * @param lostFields what a reply of one dialect loses on its way through another, in words
 */
export function dialectsPage(dialects, lostFields, page) {
  const ids = dialects.map(({ id }) => `\`${id}\``);
  const rows = dialects.map((from) => [
    `\`${from.id}\``,
    ...dialects.map((to) => lostFields(from, to).join(", ") || "nothing"),
  ]);
  const part = [
    "## What a reply loses when it is relayed",
    markdownTable([["from \\ to", ...ids], ...rows]),
    "## What each dialect cannot carry",
    ...dialects.map(({ id, cannot }) => `### ${id}\n\n${cannotTable(cannot)}`),
  ];
  return replaceMarked(page, "dialects", part.join("\n\n"));
}

function cannotTable(cannot) {
  const rows = Object.entries(cannot).map(([path, why]) => [`\`${path}\``, why.replaceAll("|", "\\|")]);
  return markdownTable([["field", "why"], ...rows]);
}
