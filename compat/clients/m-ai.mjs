// usage: node matrix.mjs [--next] [--part] [--only TEXT] [--verbose] [--write FILE]
import { writeFileSync } from "node:fs";
import { FEATURES } from "./features.mjs";
import { startWorld, upstreamsFor } from "./world.mjs";

const flags = process.argv.slice(2);
const option = (name) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : undefined);
const next = flags.includes("--next");
const part = flags.includes("--part");
const verbose = flags.includes("--verbose");
const only = option("--only");

/** Files of adapters; those of the newest majors run on Node 24. */
const ADAPTERS = next
  ? ["openai", "google", "ai-sdk"]
  : ["ai-sdk"];

const LIMIT_MS = 20_000;

async function within(run) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(`nothing after ${LIMIT_MS / 1_000} s`), LIMIT_MS);
  });
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    if (verbose) console.error(error);
    return `${error?.name ?? "error"}: ${String(error?.message ?? error).split("\n")[0].slice(0, 200)}`;
  } finally {
    clearTimeout(timer);
  }
}

process.on("unhandledRejection", (error) => {
  if (verbose) console.error("unhandled", error);
});

const world = await startWorld();
const rows = [];
let failed = 0;
for (const file of ADAPTERS) {
  const { clients } = await import(`./adapters/${file}.mjs`);
  for (const { name, dialect, make, lacks = {}, route } of clients) {
    if (only !== undefined && !name.includes(only)) continue;
    for (const [i, upstream] of upstreamsFor(dialect).entries()) {
      if (part && i > 0) continue;
      const cells = {};
      for (const [feature, check] of Object.entries(FEATURES)) {
        if (lacks[feature] !== undefined) {
          cells[feature] = { why: lacks[feature], lacks: true };
          continue;
        }
        const endpoint = `${upstream}--${name.replace(/[^a-z0-9]+/gi, "-")}-${feature.replace(/ /g, "-")}`;
        const client = await make(world.base(endpoint, route));
        const why = await within(() => check({ client, sim: world.sim, endpoint }));
        if (why === null) continue;
        cells[feature] = { why };
        if (why !== undefined) {
          failed++;
          console.log(`FAILS ${name} over ${upstream}: ${feature}: ${why}`);
        }
      }
      rows.push({ name, dialect, upstream, cells });
    }
    console.log(`${name}: done`);
  }
}
for (const error of world.failures) console.log(`THROWN ${error?.stack ?? error}`);
await world.close();
const cells = rows.flatMap((row) => Object.values(row.cells));
console.log(`${cells.filter(({ why }) => why === undefined).length} of ${cells.filter(({ lacks }) => !lacks).length} cells work, ${failed} fail`);
const write = option("--write");
if (write !== undefined) writeFileSync(write, JSON.stringify(rows));
process.exit(failed > 0 || world.failures.length > 0 ? 1 : 0);
