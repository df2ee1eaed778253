// Runs the fault simulation on a build that is not bundled, which npm makes first:
//   npm run simulate:faults -- --seeds 3000 [--first 1] [--kind embed] [--quiet] [--stop-at-first]
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "3000" },
    first: { type: "string", default: "1" },
    dist: { type: "string", default: "coverage/simulation" },
    kind: { type: "string", default: "chat" },
    quiet: { type: "boolean", default: false },
    "stop-at-first": { type: "boolean", default: false },
  },
});
const module = pathToFileURL(resolve(values.dist, "testing/simulation/campaign.js")).href;
const { runCampaign, LEAST_OCCURRENCES } = await import(module);
const seeds = Number(values.seeds);
const began = performance.now();
const result = await runCampaign({
  seeds,
  first: Number(values.first),
  kind: values.kind,
  stopAtFirst: values["stop-at-first"],
  onProgress: (done) => {
    if (process.stderr.isTTY && done % 100 === 0) process.stderr.write(`\r${done} of ${seeds} seeds`);
  },
});
if (process.stderr.isTTY) process.stderr.write("\r");
if (!values.quiet) {
  for (const [name, tally] of Object.entries(result.tallies)) {
    console.log(`${name}:`);
    for (const [what, times] of [...tally].sort(([a], [b]) => (a < b ? -1 : 1)))
      console.log(`  ${what}: ${times}`);
  }
}
for (const { seed, violations } of result.failures) {
  console.log(`seed ${seed} broke a rule (again: npm run simulate:faults -- --first ${seed} --seeds 1):`);
  for (const violation of violations.slice(0, 8)) console.log(`  ${violation}`);
}
// A single seed replays a failure. Only a campaign must cover all kinds of faults.
const seldom = seeds >= 1000 ? result.missing : [];
for (const what of seldom) console.log(`too seldom (under ${LEAST_OCCURRENCES}): ${what}`);
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(`${result.seeds} seeds in ${seconds} s: ${result.failures.length} broke a rule`);
process.exitCode = result.failures.length > 0 || seldom.length > 0 ? 1 : 0;
