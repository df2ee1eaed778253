// Writes every file that is made from others. `--check` writes nothing and fails where one is stale;
// `--root=<folder>` works on a copy of the repository.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { builders } from "./generate/builders.mjs";
import { catalog } from "./generate/catalog.mjs";
import { providerNames } from "./generate/provider-names.mjs";
import { providersPage } from "./generate/providers-page.mjs";
import { readProviders } from "./generate/read-providers.mjs";

const unknown = process.argv.slice(2).filter((word) => word !== "--check" && !word.startsWith("--root="));
if (unknown.length > 0) throw new Error(`Unknown option ${unknown.join(" ")}; known are --check and --root=`);
const check = process.argv.includes("--check");
const given = process.argv.find((word) => word.startsWith("--root="))?.slice("--root=".length);
const root = given === undefined ? fileURLToPath(new URL("../", import.meta.url)) : resolve(given);

function read(path) {
  try {
    return readFileSync(resolve(root, path), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}

const providers = readProviders(resolve(root, "packages/ai-lib/src/providers/vendors"));
const files = {
  "packages/ai-lib/src/providers/catalog.generated.ts": catalog(providers),
  "packages/ai-lib/src/providers/builders.generated.ts": builders(providers),
  "packages/ai-lib/src/observe/provider-names.generated.ts": providerNames(providers),
  "docs/providers.md": providersPage(providers, read("docs/providers.md")),
};

const stale = Object.entries(files).filter(([path, text]) => read(path) !== text);
for (const [path, text] of stale) {
  if (check) {
    console.error(`${path} is stale: run \`npm run generate\` and commit what it writes`);
    continue;
  }
  mkdirSync(dirname(resolve(root, path)), { recursive: true });
  writeFileSync(resolve(root, path), text);
  console.log(`wrote ${path}`);
}
if (!check)
  console.log(`${providers.length} providers, ${stale.length} of ${Object.keys(files).length} files written`);
process.exitCode = check && stale.length > 0 ? 1 : 0;
