// Lists facts about vendors that are too old: files of providers by the latest date in them, and prices.
// usage: npm run facts [-- --days 90] [--today 2026-12-31]; exits with 1 if a fact is older, or has no date.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("../", import.meta.url));
const { values } = parseArgs({
  options: {
    days: { type: "string", default: "90" },
    today: { type: "string", default: new Date().toISOString().slice(0, 10) },
  },
});
const days = Number(values.days);
const today = Date.parse(values.today);
if (!Number.isInteger(days) || days < 0 || Number.isNaN(today)) {
  console.error("usage: npm run facts [-- --days 90] [--today 2026-12-31]");
  process.exit(2);
}

const DATE = /\b20\d\d-\d\d-\d\d\b/g;
const folder = `${root}packages/ai-lib/src/providers/vendors/`;

/** The latest date in the file of a provider, or in the file whose data it spreads. */
function dateOf(file) {
  const text = readFileSync(folder + file, "utf8");
  const base = /from "\.\/([\w-]+)\.js"/.exec(text)?.[1];
  const dates = [...(text.match(DATE) ?? []), ...(base === undefined ? [] : [dateOf(`${base}.ts`)])];
  return dates
    .filter((date) => date !== undefined)
    .sort()
    .at(-1);
}

const isOld = (date) => date === undefined || today - Date.parse(date) > days * 86_400_000;

const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
const rows = files.map((file) => ({ what: file.slice(0, -3), read: dateOf(file) }));
const { prices } = JSON.parse(readFileSync(`${root}scripts/data/prices.json`, "utf8"));
for (const { providers, models, read, until } of prices) {
  const what = `price of ${providers[0]}/${models[0]}`;
  // A month without a day counts as its 28th.
  rows.push({ what, read: read.length === 7 ? `${read}-28` : read });
  if (until !== undefined && today > Date.parse(until))
    rows.push({ what: `${what}, which ended`, read: until });
}

const old = rows.filter(({ read }) => isOld(read));
for (const { what, read = "no date" } of old.sort((a, b) => (a.read ?? "").localeCompare(b.read ?? "")))
  console.log(`${read}\t${what}`);
console.log(`${old.length} of ${rows.length} facts were read more than ${days} days before ${values.today}`);
if (old.length > 0) process.exitCode = 1;
