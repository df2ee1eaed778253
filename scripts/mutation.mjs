// Mutation testing of folders or files: `npm run mutation -- packages/ai-lib/src/strategies`.
// It changes the code in one place at a time, and runs the tests that reach the place. A change that no test notices
// is listed. The whole report is in coverage/mutation/report.json.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const places = process.argv.slice(2);
const missing = places.filter((place) => !existsSync(`${root}${place}`));
if (places.length === 0 || missing.length > 0) {
  if (missing.length > 0) console.error(`There is no ${missing.join(", ")}.`);
  console.error("usage: npm run mutation -- FOLDER_OR_FILE...");
  process.exit(2);
}

const patterns = places.map((place) =>
  statSync(`${root}${place}`).isDirectory() ? `${place.replace(/\/$/, "")}/**/*.ts` : place,
);
const mutate = [...patterns, "!**/*.test.ts", "!**/*.types.ts", "!**/*.generated.ts"].join(",");
const { status } = spawnSync("npx", ["stryker", "run", "--mutate", mutate], { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

const report = JSON.parse(readFileSync(`${root}coverage/mutation/report.json`, "utf8"));
const rows = Object.entries(report.files).map(([file, { mutants }]) => {
  const count = (...names) => mutants.filter(({ status: one }) => names.includes(one)).length;
  return {
    file,
    found: count("Killed", "Timeout"),
    survived: count("Survived"),
    untested: count("NoCoverage"),
  };
});
const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
const share = ({ found, survived, untested }) =>
  `${((100 * found) / Math.max(1, found + survived + untested)).toFixed(0)} %`;
const all = { file: "all", found: sum("found"), survived: sum("survived"), untested: sum("untested") };
console.log("\n| file | found | survived | without a test | share |\n| --- | --- | --- | --- | --- |");
for (const row of [...rows, all])
  console.log(`| ${row.file} | ${row.found} | ${row.survived} | ${row.untested} | ${share(row)} |`);
