// Writes the pages that are made from the code: the API reference and the table of errors. `--check` writes nothing
// and fails where one is stale.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { apiPages } from "./docs/api-pages.mjs";
import { errorsPage } from "./docs/errors-page.mjs";

const unknown = process.argv.slice(2).filter((word) => word !== "--check");
if (unknown.length > 0) throw new Error(`Unknown option ${unknown.join(" ")}; known is --check`);
const check = process.argv.includes("--check");
const root = fileURLToPath(new URL("../", import.meta.url));
const built = resolve(root, "dist-docs/package");
const API = "docs/api";

/** Declarations and code of the package as it stands; `dist` is left alone. */
function compile() {
  rmSync(built, { recursive: true, force: true });
  const tsc = resolve(root, "node_modules/typescript/bin/tsc");
  // The build bundles its code; here each file is asked for by itself.
  const options = [
    "-p",
    `${root}packages/ai-lib/tsconfig.build.json`,
    "--outDir",
    built,
    "--emitDeclarationOnly",
    "false",
  ];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The package does not compile\n${stdout}`);
}

function read(path) {
  try {
    return readFileSync(resolve(root, path), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function there() {
  try {
    return readdirSync(resolve(root, API)).map((file) => `${API}/${file}`);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

compile();
const manifest = JSON.parse(read("packages/ai-lib/package.json"));
const { REACTIONS } = await import(pathToFileURL(resolve(built, "core/errors/reactions.js")).href);
const files = { "docs/errors.md": errorsPage(REACTIONS, read("docs/errors.md")) };
for (const [file, text] of Object.entries(apiPages(manifest, built))) files[`${API}/${file}`] = text;

const stale = Object.keys(files).filter((path) => read(path) !== files[path]);
const gone = there().filter((path) => !(path in files));
for (const path of [...stale, ...gone]) {
  if (check) {
    console.error(`${path} is stale: run \`npm run docs\` and commit what it writes`);
    continue;
  }
  if (gone.includes(path)) {
    rmSync(resolve(root, path));
    console.log(`removed ${path}`);
    continue;
  }
  mkdirSync(dirname(resolve(root, path)), { recursive: true });
  writeFileSync(resolve(root, path), files[path]);
  console.log(`wrote ${path}`);
}
process.exitCode = check && stale.length + gone.length > 0 ? 1 : 0;
