// Writes the library's JavaScript as a few files; tsc writes the declarations. Node takes about half a millisecond to
// load a module: as one file per module the root took 75 ms of CPU time to import, in one chunk it takes 20. All that
// the root reaches goes into that chunk; what is loaded on demand (dialects, transports) goes into others. Every subpath
// of package.json stays a file of its own that re-exports from the chunks, so that a class is the same one by whichever
// subpath a program imports it. The code is not minified and has no source maps, which would double the package. usage: node scripts/bundle.mjs [folder]
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { writeAscii } from "./ascii.mjs";
import { entriesOf } from "./entries.mjs";

const root = fileURLToPath(new URL("../packages/ai-lib/", import.meta.url));
const target = process.argv[2] ?? join(root, "dist");

/** The modules that importing one module loads. */
function closure(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  const text = readFileSync(path, "utf8");
  for (const [, from] of text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from "(\.[^"]+)";$/gms))
    closure(resolve(dirname(path), from.replace(/\.js$/, ".ts")), seen);
  return seen;
}

/** The modules that one module imports on demand. */
function loadedLater(path) {
  return [...readFileSync(path, "utf8").matchAll(/\bimport\("(\.[^"]+)"\)/g)].map(([, from]) =>
    resolve(dirname(path), from.replace(/\.js$/, ".ts")),
  );
}

/** The modules that one module loads or imports on demand, and those that these do. */
function closureOfAll(path, seen) {
  if (seen.has(path)) return;
  const found = closure(path, new Set());
  const added = [...found].filter((id) => !seen.has(id));
  for (const id of added) seen.add(id);
  for (const later of added.flatMap(loadedLater)) closureOfAll(later, seen);
}

const loadedAtOnce = closure(join(root, "src/index.ts"));
const dialects = Object.entries(entriesOf(root, "exports")).filter(([name]) =>
  /^dialects\/.*client$/.test(name),
);
/** What `ai-lib/endpoint` loads of that: a chunk of its own, so that a bundle of one dialect has nothing else. */
const lean = closure(join(root, "src/providers/endpoint/lean.ts"));
/** What that loads with the first call that needs it. */
const onDemand = new Set();
for (const path of [...lean].flatMap(loadedLater)) for (const id of closure(path)) onDemand.add(id);
/** The quirks of the dialects, which their chats read at once, and the checks of settings later. */
const quirks = new Set(
  dialects.flatMap(([, source]) => [...closure(resolve(dirname(source), "../shared/quirks.ts"))]),
);
const costs = closure(join(root, "src/core/values/price.ts"));
/** The checks of settings: `defineProvider` loads them at once, the lean entry later. */
const checks = closure(join(root, "src/providers/endpoint/shape.ts"));
/** What dialects have in common, as far as the chats of OpenAI's need it. */
const common = new Set(
  [...closure(join(root, "src/dialects/openai-chat/client/chat.ts"))].filter((id) =>
    id.includes("/dialects/shared/"),
  ),
);
/** What `defineProvider` loads besides. */
const define = closure(join(root, "src/providers/endpoint/define.ts"));
/** What the dialects load of it besides, and what any part loads later. */
const dialectParts = new Set(dialects.flatMap(([, source]) => [...closure(source)]));
const laterParts = new Set();
for (const path of [...loadedAtOnce].flatMap(loadedLater)) closureOfAll(path, laterParts);
const bundle = await rolldown({
  input: entriesOf(root, "exports", "imports"),
  cwd: root,
  // "node" would add an import of node:module, which stops bundlers for browsers and workers.
  platform: "neutral",
  external: (id) => !id.startsWith(".") && !id.startsWith("/"),
  resolve: { extensionAlias: { ".js": [".ts"] } },
  treeshake: false,
});
const { output } = await bundle.write({
  dir: target,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name]-[hash].js",
  // What the comments say is in the declarations. What tells bundlers that a call has no effects stays.
  comments: { legal: true, annotation: true, jsdoc: false },
  codeSplitting: {
    groups: [
      { name: "endpoint", test: (id) => lean.has(id), priority: 5 },
      { name: "quirks", test: (id) => onDemand.has(id) && quirks.has(id), priority: 4.7 },
      // The root exports it: in the chunk of the others, it would be loaded with all of them.
      { name: "costs", test: (id) => onDemand.has(id) && costs.has(id), priority: 4.6 },
      { name: "checks", test: (id) => onDemand.has(id) && checks.has(id), priority: 4.6 },
      { name: "common", test: (id) => common.has(id), priority: 4.55 },
      { name: "demand", test: (id) => loadedAtOnce.has(id) && onDemand.has(id), priority: 4.5 },
      { name: "define", test: (id) => define.has(id), priority: 4 },
      { name: "dialects", test: (id) => loadedAtOnce.has(id) && dialectParts.has(id), priority: 3 },
      { name: "later", test: (id) => loadedAtOnce.has(id) && laterParts.has(id), priority: 2 },
      { name: "root", test: (id) => loadedAtOnce.has(id), priority: 1 },
    ],
  },
});
writeAscii(target, output);
// For require(): Node loads the same ES modules, so that there is one copy of each class.
for (const name of Object.keys(entriesOf(root, "exports")))
  writeFileSync(join(target, `${name}.cjs`), `module.exports = require("./${basename(name)}.js");\n`);
