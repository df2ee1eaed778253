// Builds the packages into their `dist` folders. Reports each step on stderr, because the whole takes about half a
// minute. usage: npm run build
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const STEPS = [
  ["empties the dist folders", "scripts/clean.mjs"],
  [
    "declarations of the library",
    "node_modules/typescript/bin/tsc",
    "-p",
    "packages/ai-lib/tsconfig.build.json",
  ],
  ["code of the library", "scripts/bundle.mjs"],
  ["one file of declarations for each entry", "scripts/roll-types.mjs"],
  ["command line", "scripts/bundle-cli.mjs", "cli"],
  ["gateway", "scripts/bundle-cli.mjs", "gateway"],
];

const cwd = fileURLToPath(new URL("../", import.meta.url));
for (const [index, [what, ...args]] of STEPS.entries()) {
  console.error(`build ${index + 1}/${STEPS.length}: ${what}`);
  const { status, signal } = spawnSync(process.execPath, args, { cwd, stdio: "inherit" });
  if (status === 0) continue;
  console.error(`build: ${args.join(" ")} ended with ${signal ?? status}`);
  process.exit(1);
}
