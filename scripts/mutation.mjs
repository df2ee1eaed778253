// Mutation testing of folders or files: `npm run mutation -- packages/ai-lib/src/strategies`.
// Changes the code in one place at a time, runs the tests of the folder that reach the place, and lists the changes
// that no test detects. Results stay in coverage/mutation/FOLDER.json: a second run tries only what has changed.
// `AI_LIB_MUTATION_CONCURRENCY=2` uses two processes.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The tests that must detect a folder's mutants: those beside the code and those of whole compositions. A mutant that
 * only a distant test detects counts as a survivor, because the folder's own tests should detect it.
 */
const compositions = [
  "packages/ai-lib/src/core/run",
  "packages/ai-lib/src/core/recovery",
  "packages/ai-lib/test/scenarios",
  "packages/ai-lib/test/outside",
];
const rooms = {
  health: ["packages/ai-lib/src/health", "packages/ai-lib/src/strategies", ...compositions],
  strategies: ["packages/ai-lib/src/strategies", "packages/ai-lib/src/health", ...compositions],
  resilience: ["packages/ai-lib/src/resilience", "packages/ai-lib/src/state", ...compositions],
  client: [
    "packages/ai-lib/src/client",
    "packages/ai-lib/test/schemas",
    "packages/ai-lib/test/outside",
    "packages/ai-lib/test/kinds.test.ts",
    "packages/ai-lib/test/contract.test.ts",
  ],
  limits: ["packages/gateway/src/limits"],
};

const root = fileURLToPath(new URL("../", import.meta.url));
const places = process.argv.slice(2).map((place) => place.replace(/\/$/, ""));
const missing = places.filter((place) => !existsSync(`${root}${place}`));
if (places.length === 0 || missing.length > 0) {
  if (missing.length > 0) console.error(`There is no ${missing.join(", ")}.`);
  console.error("usage: npm run mutation -- FOLDER_OR_FILE...");
  process.exit(2);
}

/** `strategies` of packages/ai-lib/src/strategies/race.ts; another folder is a room with its own tests. */
const roomOf = (place) => {
  const [, , , name] = place.split("/");
  return name?.replace(/\.ts$/, "") ?? "all";
};
const names = [...new Set(places.map(roomOf))];
if (names.length > 1) {
  console.error(`One room at a time: ${names.join(", ")}.`);
  process.exit(2);
}
const [name] = names;
const folders = rooms[name] ?? [places[0].split("/").slice(0, 4).join("/")];
const tests = folders.map((folder) => (folder.endsWith(".ts") ? folder : `${folder}/**/*.test.ts`));

const patterns = places.map((place) =>
  statSync(`${root}${place}`).isDirectory() ? `${place}/**/*.ts` : place,
);
const mutate = [...patterns, "!**/*.test.ts", "!**/*.types.ts", "!**/*.generated.ts"].join(",");
const results = `coverage/mutation/${name}.json`;
const { status } = spawnSync("npx", ["stryker", "run", "--mutate", mutate, "--incrementalFile", results], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, AI_LIB_MUTATION_TESTS: tests.join(",") },
});
if (status !== 0) process.exit(status ?? 1);

const report = JSON.parse(readFileSync(`${root}${results}`, "utf8"));
const rows = Object.entries(report.files).map(([file, { mutants }]) => {
  const count = (...statuses) => mutants.filter((mutant) => statuses.includes(mutant.status)).length;
  return {
    file,
    found: count("Killed", "Timeout"),
    survived: count("Survived"),
    untested: count("NoCoverage"),
  };
});
const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
const share = ({ found, survived, untested }) =>
  `${((100 * found) / Math.max(1, found + survived + untested)).toFixed(0)} %`;
const all = { file: "all", found: sum("found"), survived: sum("survived"), untested: sum("untested") };
console.log("\n| file | found | survived | without a test | share |\n| --- | --- | --- | --- | --- |");
for (const row of [...rows, all])
  console.log(`| ${row.file} | ${row.found} | ${row.survived} | ${row.untested} | ${share(row)} |`);
