// Turns the changesets into a version, and "Unreleased" of CHANGELOG.md into the section of that version. Writes the
// fields of each package.json that name the repository, from the remote `origin`.
// usage: npm run release:version
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { repositoryFields } from "./repository-fields.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));

function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}

const versionOf = () => JSON.parse(readFileSync(`${root}packages/ai-lib/package.json`, "utf8")).version;

/** Writes `repository`, `homepage` and `bugs` of every package. */
function writeRepository(remote) {
  for (const name of readdirSync(`${root}packages`)) {
    const file = `${root}packages/${name}/package.json`;
    const fields = repositoryFields(remote, `packages/${name}`);
    if (fields === undefined)
      throw new Error(`The remote "origin" names no repository: ${remote || "it is not set"}`);
    const manifest = { ...JSON.parse(readFileSync(file, "utf8")), ...fields };
    writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
  }
}

const before = versionOf();
const { stdout = "" } = spawnSync("git", ["remote", "get-url", "origin"], { cwd: root, encoding: "utf8" });
writeRepository(stdout.trim());
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
