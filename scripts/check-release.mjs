// Checks before packages are published that the tag, the versions of all packages and CHANGELOG.md agree, and that each
// package names the repository.
// usage: node scripts/check-release.mjs v1.2.3
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { missingRepositoryFields } from "./repository-fields.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const [tag = ""] = process.argv.slice(2);
const problems = [];
for (const name of readdirSync(`${root}packages`)) {
  const manifest = JSON.parse(readFileSync(`${root}packages/${name}/package.json`, "utf8"));
  const { version, dependencies = {} } = manifest;
  if (tag !== `v${version}`)
    problems.push(`packages/${name} has version ${version}, and the tag is "${tag}"`);
  const library = dependencies["ai-lib"];
  if (library !== undefined && library !== version)
    problems.push(`packages/${name} depends on ai-lib ${library}, not on ${version}`);
  const missing = missingRepositoryFields(manifest);
  if (missing.length > 0)
    problems.push(`packages/${name} has no ${missing.join(", ")}: \`npm run release:version\` writes them`);
}
const changelog = readFileSync(`${root}CHANGELOG.md`, "utf8");
if (!changelog.includes(`\n## ${tag.slice(1)} - `)) problems.push(`CHANGELOG.md has no section for ${tag}`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
