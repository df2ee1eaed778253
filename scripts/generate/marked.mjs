// Pages of which one part is generated. The prose around its markers is written by hand.

/**
 * A page with the part between its markers replaced.
 * @param name what the part is called in its markers: `<!-- name: ... -->` and `<!-- /name -->`
 */
export function replaceMarked(page, name, part) {
  const begin = `<!-- ${name}: written by \`npm run generate\` -->`;
  const end = `<!-- /${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`A page has lost the markers of its generated part: ${begin} and ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${part}\n\n${page.slice(to)}`;
}

/** A Markdown table of rows of cells, of which the first is the head. */
export function markdownTable([head, ...rows]) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
