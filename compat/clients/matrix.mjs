// usage: node matrix.mjs [--gateway] [--next] [--part] [--only TEXT] [--write FILE]
// Checks every client over three upstreams of other dialects, or with --part over one. --gateway (or AI_LIB_GATEWAY=1)
// uses the gateway instead of a relay. --next uses the newest majors, from compat/clients-next, on Node 24.
import { writeFileSync } from "node:fs";
import module from "node:module";
import { gatewayParts } from "../gateway.mjs";
import { checkClient } from "./check.mjs";
import { startWorld, upstreamsFor } from "./world.mjs";

const flags = process.argv.slice(2);
const option = (name) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : undefined);
const next = flags.includes("--next");
const throughGateway = flags.includes("--gateway") || process.env.AI_LIB_GATEWAY === "1";
const only = option("--only");

// The adapters are written once. With --next they load the packages of compat/clients-next.
if (next) {
  const here = new URL("./", import.meta.url).href;
  const parentURL = new URL("../clients-next/package.json", import.meta.url).href;
  module.registerHooks({
    resolve(name, context, resolve) {
      const own =
        context.parentURL?.startsWith(here) === true && !context.parentURL.includes("/node_modules/");
      return resolve(
        name,
        own && /^[@a-z]/.test(name) && !name.startsWith("node:") ? { ...context, parentURL } : context,
      );
    },
  });
}

const ADAPTERS = next
  ? ["openai", "google", "ai-sdk"]
  : [
      "openai",
      "anthropic",
      "google",
      "mistral",
      "cohere",
      "ollama",
      "aws",
      "ai-sdk",
      "langchain",
      "agents",
      "mastra",
    ];

// Clients that are left in the middle of a stream may reject a promise without a handler.
process.on("unhandledRejection", () => {});

const world = await startWorld(throughGateway ? { gateway: await gatewayParts() } : {});
const rows = [];
for (const file of ADAPTERS) {
  const { clients } = await import(`./adapters/${file}.mjs`);
  for (const client of clients) {
    if (only !== undefined && !client.name.includes(only)) continue;
    const upstreams = upstreamsFor(client.dialect);
    for (const upstream of flags.includes("--part") ? upstreams.slice(0, 1) : upstreams) {
      const cells = await checkClient(world, client, upstream);
      rows.push({
        name: client.name,
        dialect: client.dialect,
        upstream,
        server: throughGateway ? "gateway" : "relay",
        cells,
      });
      for (const [feature, { why, lacks }] of Object.entries(cells))
        if (why !== undefined && lacks !== true)
          console.log(`FAILS ${client.name} over ${upstream}: ${feature}: ${why}`);
    }
    console.log(`${client.name}: done`);
  }
}
for (const error of world.failures) console.log(`THROWN ${error?.stack ?? error}`);
await world.close();

const tried = rows.flatMap(({ cells }) => Object.values(cells)).filter(({ lacks }) => lacks !== true);
const works = tried.filter(({ why }) => why === undefined).length;
console.log(`${works} of ${tried.length} cells work`);
const write = option("--write");
if (write !== undefined) writeFileSync(write, JSON.stringify(rows));
process.exit(works < tried.length || world.failures.length > 0 ? 1 : 0);
