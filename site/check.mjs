// Checks the built site: every link and anchor leads to something, and nothing is loaded from another host.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const base = process.env["AI_LIB_SITE_BASE"] ?? "/";
const dist = fileURLToPath(new URL(".vitepress/dist/", import.meta.url));
const files = readdirSync(dist, { recursive: true }).filter((file) => file.endsWith(".html"));
const ids = new Map(files.map((file) => [file, new Set(matches(file, /\sid="([^"]+)"/g))]));
const problems = [];

function matches(file, pattern) {
  return [...readFileSync(join(dist, file), "utf8").matchAll(pattern)].map(([, found]) => found);
}

/** The file that a path of the site leads to. */
function fileOf(path) {
  const clean = decodeURIComponent(path.startsWith(base) ? path.slice(base.length) : path).replace(/^\//, "");
  const candidates = [clean, `${clean}.html`, join(clean, "index.html")];
  return candidates.find((file) => existsSync(join(dist, file)) && statSync(join(dist, file)).isFile());
}

for (const file of files) {
  for (const link of matches(file, /\shref="([^"]+)"/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    const [path, anchor] = link.replaceAll("&amp;", "&").split("#");
    const target = path === "" ? file : fileOf(path);
    if (target === undefined) problems.push(`${file}: ${link} leads nowhere`);
    else if (anchor && target.endsWith(".html") && !ids.get(target)?.has(decodeURIComponent(anchor)))
      problems.push(`${file}: ${link} names no heading`);
  }
  for (const source of matches(file, /<(?:script|img|link|iframe)[^>]*\s(?:src|href)="(https?:[^"]+)"/g))
    problems.push(`${file}: loads ${source}`);
}
for (const problem of [...new Set(problems)]) console.error(problem);
console.log(`${files.length} pages, ${problems.length} problems`);
if (files.length === 0 || problems.length > 0) process.exitCode = 1;
