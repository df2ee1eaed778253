// Writes every generated file: the tables and builders of the providers, and the pages in docs/ that come from the
// code. `--check` writes nothing and fails if a file is stale. `--root=<folder>` works on a copy of the repository.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { apiPages } from "./generate/api-pages.mjs";
import { builders } from "./generate/builders.mjs";
import { catalog } from "./generate/catalog.mjs";
import { cliPages } from "./generate/cli-pages.mjs";
import { compile } from "./generate/compile.mjs";
import { dialectsPage } from "./generate/dialects-page.mjs";
import { errorsPage } from "./generate/errors-page.mjs";
import { checkPrices, pricesPage, pricesTable } from "./generate/prices.mjs";
import { providerNames } from "./generate/provider-names.mjs";
import { providersPage } from "./generate/providers-page.mjs";
import { readProviders } from "./generate/read-providers.mjs";
import { timeoutsPage } from "./generate/timeouts-page.mjs";

const unknown = process.argv.slice(2).filter((word) => word !== "--check" && !word.startsWith("--root="));
if (unknown.length > 0) throw new Error(`Unknown option ${unknown.join(" ")}; known are --check and --root=`);
const check = process.argv.includes("--check");
const given = process.argv.find((word) => word.startsWith("--root="))?.slice("--root=".length);
const root = given === undefined ? fileURLToPath(new URL("../", import.meta.url)) : resolve(given);
let written = 0;
let stale = 0;

/** Files that are generated from the data of the providers. */
function fromData() {
  const providers = readProviders(resolve(root, "packages/ai-lib/src/providers/vendors"));
  const prices = JSON.parse(read("scripts/data/prices.json"));
  checkPrices(prices, providers);
  return {
    "packages/ai-lib/src/observe/prices.generated.ts": pricesTable(prices),
    "docs/prices.md": pricesPage(prices, providers, read("docs/prices.md")),
    "packages/ai-lib/src/providers/catalog.generated.ts": catalog(providers),
    "packages/ai-lib/src/providers/builders.generated.ts": builders(providers),
    "packages/ai-lib/src/observe/provider-names.generated.ts": providerNames(providers),
    "docs/providers.md": providersPage(providers, read("docs/providers.md")),
  };
}

/** Files that are generated from the compiled library, which contains the files above. */
async function fromCode() {
  const { library, tests } = compile(root);
  const load = (path) => import(pathToFileURL(path).href);
  const { DEFAULT_TIMEOUTS, PRODUCTION_TIMEOUTS } = await load(resolve(library, "core/contract/timeouts.js"));
  const { REACTIONS } = await load(resolve(library, "core/errors/reactions.js"));
  const { loadDialects, lostFields } = await load(resolve(tests, "laws/lost-fields.js"));
  const manifest = JSON.parse(read("packages/ai-lib/package.json"));
  const files = {
    "docs/defaults.md": timeoutsPage(
      { defaults: DEFAULT_TIMEOUTS, production: PRODUCTION_TIMEOUTS },
      read("docs/defaults.md"),
    ),
    "docs/errors.md": errorsPage(REACTIONS, read("docs/errors.md")),
    "docs/dialects.md": dialectsPage(await loadDialects(), lostFields, read("docs/dialects.md")),
  };
  for (const [file, text] of Object.entries(apiPages(manifest, library))) files[`docs/api/${file}`] = text;
  return files;
}

function put(files) {
  for (const [path, text] of Object.entries(files)) {
    if (read(path) === text) continue;
    stale++;
    if (check) {
      console.error(`${path} is stale: run \`npm run generate\` and commit what it writes`);
      continue;
    }
    mkdirSync(dirname(resolve(root, path)), { recursive: true });
    writeFileSync(resolve(root, path), text);
    written++;
    console.log(`wrote ${path}`);
  }
}

/** Removes the files of a generated folder that are no longer generated. */
function prune(folder, files) {
  for (const name of readdirSync(resolve(root, folder))) {
    const path = `${folder}/${name}`;
    if (path in files) continue;
    stale++;
    if (check)
      console.error(`${path} is no longer generated: run \`npm run generate\` and commit its removal`);
    else {
      rmSync(resolve(root, path));
      console.log(`removed ${path}`);
    }
  }
}

function read(path) {
  try {
    return readFileSync(resolve(root, path), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}

try {
  const data = fromData();
  put(data);
  const code = await fromCode();
  put(code);
  const cli = await cliPages(root, read("docs/cli.md"));
  put(cli);
  prune("docs/api", code);
  if (!check) console.log(`${written} of ${Object.keys({ ...data, ...code, ...cli }).length} files written`);
  process.exitCode = check && stale > 0 ? 1 : 0;
} catch (error) {
  // A provider's file was refused, or code does not compile; the message says where.
  console.error(error.message);
  process.exitCode = 1;
}
