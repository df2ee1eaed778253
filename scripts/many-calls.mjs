// Runs the campaign of many calls with a given number of streams and calls: npm run many-calls -- 20000
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const [calls = "20000"] = process.argv.slice(2);
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const test = "packages/ai-lib/test/campaigns/many-calls.release.test.ts";
const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "release", test], {
  stdio: "inherit",
  env: { ...process.env, MANY_CALLS: calls },
});
process.exitCode = status ?? 1;
