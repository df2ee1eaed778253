// Prices of the default models, from `scripts/data/prices.json`: a table of the library and a page of docs. Each price
// names the page or the catalogue that it is from. Prices are not converted, rounded or estimated.
import { markdownTable, replaceMarked } from "./marked.mjs";

const FIELDS = new Set(["providers", "models", "source", "read", "until", "hours", "price", "note"]);
const AMOUNTS = new Set(["input", "output", "cachedInput", "cacheWriteInput", "request", "above"]);
const MAPS = new Set(["cacheWrites", "inputByModality", "outputByModality", "toolUses", "tiers", "units"]);

/**
 * Checks the data against the providers.
 * @throws {Error} for a default model that is both priced and listed as unknown, and for a price without a source.
 */
export function checkPrices({ date, prices, unknown }, providers) {
  const fail = (what) => {
    throw new Error(`scripts/data/prices.json: ${what}`);
  };
  const ids = new Map(providers.map(({ data }) => [data.id, data]));
  const priced = new Set();
  for (const row of prices) {
    const name = `${row.providers?.join(", ")} ${row.models?.join(", ")}`;
    for (const field of Object.keys(row)) if (!FIELDS.has(field)) fail(`${name}: unknown field "${field}"`);
    if (!/^https:\/\/[^\s]+$/.test(row.source ?? "")) fail(`${name}: the source must be an https URL`);
    if (!/^\d{4}-\d\d$/.test(row.read ?? "") || row.read > date)
      fail(`${name}: read must be a month until ${date}`);
    checkPrice(row.price, (what) => fail(`${name}: ${what}`));
    for (const id of row.providers) {
      if (!ids.has(id)) fail(`${name}: there is no provider "${id}"`);
      for (const model of row.models) {
        if (priced.has(`${id}/${model}`)) fail(`${name}: ${id}/${model} has two prices`);
        priced.add(`${id}/${model}`);
      }
    }
  }
  const listed = unknown.flatMap((group) => group.providers);
  for (const id of listed) if (!ids.has(id)) fail(`unknown: there is no provider "${id}"`);
  for (const [id, data] of ids) {
    const known = data.model != null && priced.has(`${id}/${data.model}`);
    const count = listed.filter((one) => one === id).length;
    if (known && count > 0) fail(`${id}: its default model has a price and is listed as unknown`);
    if (count > 1) fail(`${id} is listed as unknown twice`);
  }
}

function checkPrice(price, fail) {
  for (const [field, value] of Object.entries(price ?? {})) {
    if (field === "longContext") checkPrice(value, fail);
    else if (AMOUNTS.has(field)) amount(value, field, fail);
    else if (MAPS.has(field)) for (const each of Object.values(value)) amount(each, field, fail);
    else fail(`unknown field "${field}" of a price`);
  }
  if (price?.input === undefined || price.output === undefined) fail("a price needs input and output");
}

function amount(value, field, fail) {
  if (!(typeof value === "number" && Number.isFinite(value) && value >= 0))
    fail(`${field} must be a number from 0`);
}

/** `prices.generated.ts`. */
export function pricesTable({ date, prices }) {
  const rows = prices.map(({ providers, models, price, until, hours }) => {
    const row = { providers, models, ...(until && { until }), ...(hours && { hours }), price };
    return `  ${literal(row)},`;
  });
  return `// Written by \`npm run generate\` from scripts/data/prices.json, which names the source of each price. Do not edit.
import type { Price } from "../core/values/model.js";

/** The price of a model at some providers. */
export interface KnownPrice {
  readonly providers: readonly string[];
  readonly models: readonly string[];
  /** The last day that it holds, as \`YYYY-MM-DD\` in UTC. Default: no end is known. */
  readonly until?: string;
  /** The hours of a day, in UTC, for which it is known. Default: all. */
  readonly hours?: readonly (readonly [from: number, to: number])[];
  readonly price: Price;
}

/** The day on which the prices were last checked. */
export const PRICES_DATE = ${JSON.stringify(date)};

/** The prices that come with the package. */
// biome-ignore format: a table, one price a line
export const KNOWN_PRICES: readonly KnownPrice[] = [
${rows.join("\n")}
];
`;
}

/** A value as TypeScript, with keys that need no quotes unquoted. */
function literal(value) {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([key, each]) => `${/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)}: ${literal(each)}`,
  );
  return `{ ${fields.join(", ")} }`;
}

/** `docs/prices.md` with its two tables. */
export function pricesPage({ date, prices, unknown }, providers, page) {
  const models = new Map(providers.map(({ data }) => [data.id, data.model]));
  const listed = new Set([...prices, ...unknown].flatMap((entry) => entry.providers));
  // A provider that was added since the prices were read has a default model and no entry yet.
  const added = [...models.keys()].filter((id) => models.get(id) != null && !listed.has(id));
  const known = markdownTable([
    ["provider", "model", "input", "output", "cache read", "more", "source, month read"],
    ...prices.map(({ providers: ids, models: names, price, source, read, until, hours, note }) => [
      ids.map((id) => `\`${id}\``).join(", "),
      names.map((name) => `\`${name}\``).join(", "),
      price.input,
      price.output,
      price.cachedInput ?? "",
      more(price, until, hours, note),
      `<${source}>, ${read}`,
    ]),
  ]);
  const others = markdownTable([
    ["provider", "default model", "why its price is unknown"],
    ...[...unknown, { providers: added, why: "not looked up yet" }].flatMap(({ providers: ids, why }) =>
      ids.map((id) => [`\`${id}\``, models.get(id) ? `\`${models.get(id)}\`` : "", why]),
    ),
  ]);
  const dated = replaceMarked(page, "priced", `Checked on ${date}.\n\n${known}`);
  return replaceMarked(dated, "unpriced", others);
}

function more(price, until, hours, note) {
  const facts = [];
  for (const [ttl, amount] of Object.entries(price.cacheWrites ?? {}))
    facts.push(`cache write ${ttl} ${amount}`);
  if (price.cacheWrites === undefined && price.cacheWriteInput !== undefined)
    facts.push(`cache write ${price.cacheWriteInput}`);
  const { longContext: long } = price;
  if (long !== undefined) facts.push(`above ${long.above} input tokens ${long.input} and ${long.output}`);
  for (const [tier, factor] of Object.entries(price.tiers ?? {})) facts.push(`tier ${tier} × ${factor}`);
  for (const [name, amount] of Object.entries(price.inputByModality ?? {}))
    facts.push(`${name} input ${amount}`);
  for (const [name, amount] of Object.entries(price.outputByModality ?? {}))
    facts.push(`${name} output ${amount}`);
  for (const [name, amount] of Object.entries(price.units ?? {}))
    facts.push(`${amount} a ${name === "searches" ? "search" : name.slice(0, -1)}`);
  for (const [name, amount] of Object.entries(price.toolUses ?? {})) facts.push(`${name} ${amount} each`);
  if (hours !== undefined) facts.push(`from ${hours.map(([from, to]) => `${from} to ${to}`).join(", ")} UTC`);
  if (until !== undefined) facts.push(`until ${until}`);
  return [facts.join("; "), note].filter(Boolean).join(". ");
}
