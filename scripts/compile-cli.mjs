// Makes one file of the command line that needs no Node: `node scripts/compile-cli.mjs [path]`, by default
// dist-executable/ai-lib. It needs Bun on the path (https://bun.sh/docs/bundler/executables), and `npm run build` before.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const target = resolve(process.argv[2] ?? resolve(root, "dist-executable/ai-lib"));
const { version } = JSON.parse(readFileSync(resolve(root, "packages/cli/package.json"), "utf8"));
mkdirSync(dirname(target), { recursive: true });
const { status, error } = spawnSync(
  "bun",
  [
    "build",
    "--compile",
    "--minify",
    `--define=AI_LIB_CLI_VERSION=${JSON.stringify(version)}`,
    // The executable does not need the gateway, or the package that replaces Node's own SQLite.
    "--external=ai-lib-gateway",
    "--external=@photostructure/sqlite",
    resolve(root, "packages/cli/dist/main.js"),
    `--outfile=${target}`,
  ],
  { cwd: root, stdio: "inherit" },
);
if (error !== undefined)
  console.error(`bun cannot be started: ${error.message}. Install it: npm install --global bun`);
process.exitCode = status ?? 1;
