// Turns the changesets into a version, and "Unreleased" of CHANGELOG.md into the section of that version.
// usage: npm run release:version
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}

const versionOf = () => JSON.parse(readFileSync(`${root}packages/ai-lib/package.json`, "utf8")).version;

const before = versionOf();
run("npx", "changeset", "version");
const version = versionOf();
if (version === before) {
  console.error("No changeset changes the version: add one with `npx changeset`.");
  process.exitCode = 1;
} else {
  const file = `${root}CHANGELOG.md`;
  const today = new Date().toISOString().slice(0, 10);
  const text = readFileSync(file, "utf8");
  if (!text.includes("\n## Unreleased\n")) throw new Error('CHANGELOG.md has no section "Unreleased"');
  writeFileSync(file, text.replace("\n## Unreleased\n", `\n## Unreleased\n\n## ${version} - ${today}\n`));
  run("npm", "install", "--package-lock-only", "--no-audit", "--no-fund");
  console.log(`${before} -> ${version}: review the diff, commit it, tag v${version}`);
}
