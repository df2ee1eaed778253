// The API reference: one page for each subpath of the package, written from declarations and their doc comments.
import { relative, resolve } from "node:path";
import { exportsOf } from "./read-declarations.mjs";

const NOTE = "<!-- Written by `npm run generate` from the doc comments. Change those and not this page. -->";

/** Headings of a page, in their order. */
const KINDS = {
  function: "Functions",
  class: "Classes",
  constant: "Constants",
  interface: "Interfaces",
  type: "Types",
};

/** Every page as `{ [file]: text }`. `built` is the folder that takes the place of `dist`. */
export function apiPages(manifest, built) {
  const pages = pagesOf(manifest, built);
  const places = placesOf(pages);
  const files = { "index.md": indexPage(pages, places) };
  for (const page of pages) files[page.file] = onePage(page, places);
  return files;
}

/** The subpaths. */
function pagesOf(manifest, built) {
  return Object.entries(manifest.exports)
    .filter(([subpath, target]) => typeof target === "object" && !subpath.includes("*"))
    .map(([subpath, target]) => {
      const module = manifest.name + subpath.slice(1);
      return {
        title: module,
        modules: module,
        file: `${subpath === "." ? manifest.name : subpath.slice(2)}.md`,
        symbols: exportsOf(resolve(built, relative("dist", target.types))),
      };
    });
}

/** The page that describes each name: that of its own subpath if there is one, else the first page that exports it. */
function placesOf(pages) {
  const places = new Map();
  const [root, ...others] = pages;
  for (const page of [...others, root])
    for (const symbol of page.symbols)
      if (!places.has(symbol.name)) places.set(symbol.name, { page, symbol });
  return places;
}

function indexPage(pages, places) {
  const parts = pages.map((page) => {
    const rows = page.symbols.map(({ name, kind, doc }) => {
      return `| ${link(name, places, undefined)} | ${kind} | ${firstSentence(doc).replaceAll("|", "\\|")} |`;
    });
    return [`## [${page.title}](${page.file})`, "", "| name | | |", "| --- | --- | --- |", ...rows].join(
      "\n",
    );
  });
  return `${NOTE}\n\n# API\n\n${parts.join("\n\n")}\n`;
}

function onePage(page, places) {
  const own = page.symbols.filter(({ name }) => places.get(name)?.page === page);
  const elsewhere = page.symbols.filter(({ name }) => places.get(name)?.page !== page);
  const parts = [`${NOTE}\n\n# ${page.title}`];
  for (const [kind, heading] of Object.entries(KINDS)) {
    const symbols = own.filter((symbol) => symbol.kind === kind);
    if (symbols.length === 0) continue;
    parts.push(`## ${heading}`, ...symbols.map((symbol) => section(symbol, page, places)));
  }
  if (elsewhere.length > 0)
    parts.push(
      "## Also exported here",
      elsewhere.map(({ name }) => `- ${link(name, places, page)}`).join("\n"),
    );
  return `${parts.join("\n\n")}\n`;
}

function section({ name, kind, doc, code }, page, places) {
  const type = kind === "interface" || kind === "type" ? "import type" : "import";
  const fence = ["```typescript", `${type} { ${name} } from "${page.modules}";`, "", code, "```"].join("\n");
  return [`### ${name}`, prose(doc, page, places), fence].filter((part) => part !== "").join("\n\n");
}

/** A doc comment as Markdown. */
function prose(doc, page, places) {
  const lines = doc.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const text = lines.join("\n").trim();
  const [body = "", ...tags] = `\n${text}`.split(/\n(?=@(?:example|throws|param|returns|see|internal)\b)/);
  const said = [
    inline(unwrapped(body), page, places),
    ...tags.map((tag) => tagged(tag.trim(), page, places)),
  ];
  return said.filter((part) => part !== "").join("\n\n");
}

function tagged(tag, page, places) {
  const [, name, rest = ""] = /^@(\w+)\s*([\s\S]*)$/.exec(tag) ?? [];
  const text = inline(unwrapped(rest), page, places);
  switch (name) {
    case "example":
      return `\`\`\`typescript\n${rest}\n\`\`\``;
    case "throws":
      return `Throws ${text.replace(/^\{AiLibError\}/, "`AiLibError`:")}`;
    case "param":
      return `- ${text.replace(/^(\S+)/, "`$1`:")}`;
    case "returns":
      return `Returns ${text}`;
    case "see": {
      const [word = ""] = rest.split(/\W/, 1);
      return places.has(word) ? `See ${link(word, places, page)}${rest.slice(word.length)}.` : `See ${text}.`;
    }
    default:
      return "";
  }
}

/** Joins the lines of one paragraph. Lists and fenced code are not changed. */
function unwrapped(text) {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => (/^(?:- |\d\. |```)/m.test(paragraph) ? paragraph : paragraph.replace(/\n\s*/g, " ")))
    .join("\n\n");
}

function inline(text, page, places) {
  return text.replace(/\{@link (\w+)([^}]*)\}/g, (_, name, rest) =>
    rest === "" && places.has(name) ? link(name, places, page) : `\`${name}${rest}\``,
  );
}

function link(name, places, from) {
  const { page } = places.get(name);
  return `[\`${name}\`](${page === from ? "" : page.file}#${name.toLowerCase()})`;
}

function firstSentence(doc) {
  const text = unwrapped(doc.replace(/^\s*\* ?/gm, "")).split(/^@|\s@/m, 1)[0] ?? "";
  const plain = text
    .replace(/\{@link (\w+)([^}]*)\}/g, "`$1$2`")
    .replace(/\s+/g, " ")
    .trim();
  return /^.*?[.:;](?= |$)/.exec(plain)?.[0].replace(/[:;]$/, ".") ?? plain;
}
