// Runs the checks of compat/: software that is too heavy for the repository's own dependencies.
// usage: npm run compat [-- NAME... | --all]; see compat/README.md
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const names = readdirSync(join(root, "compat")).filter((name) =>
  existsSync(join(root, "compat", name, "package.json")),
);

function npm(folder, ...args) {
  const { status } = spawnSync("npm", args, { cwd: folder, stdio: "inherit" });
  return status === 0;
}

/**
 * Installs the packages of a folder's lock file, unless the file has not changed since the last time. `npm ci` refuses
 * a lock file that lacks builds for other platforms because the registry did not have them.
 */
function install(folder) {
  const done = join(folder, "node_modules/.package-lock.json");
  const lock = join(folder, "package-lock.json");
  return (
    (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) ||
    npm(folder, "ci") ||
    npm(folder, "install", "--no-save")
  );
}

const asked = process.argv.slice(2);
const wanted = asked.includes("--all") ? names : asked;
const unknown = wanted.filter((name) => !names.includes(name));
if (wanted.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no compat/${unknown.join(", compat/")}.`);
  console.log(`usage: npm run compat -- NAME... or --all\nnames: ${names.join(", ")}`);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else if (!npm(root, "run", "--silent", "build")) {
  process.exitCode = 1;
} else {
  for (const name of wanted) {
    const folder = join(root, "compat", name);
    const passed = install(folder) && npm(folder, "test", "--silent");
    console.log(`compat/${name}: ${passed ? "passed" : "failed"}`);
    if (!passed) process.exitCode = 1;
  }
}
