import { spawnSync } from "node:child_process";
import { writeSection } from "./section.mjs";

/**
 * `npm run bench`: everything that `bench/RESULTS.md` has of the library, in about twenty minutes on an idle machine, one
 * after the other. `--long` measures the other clients for longer. The gateway's sections are written by
 * `node compat/gateway-bench/bench.mjs --results`, with and without `--limits`.
 */
const here = new URL(".", import.meta.url).pathname;
const long = process.argv.includes("--long") ? ["--long"] : [];
let failed = false;

node("run.mjs", ...long);
node("guard.mjs", "--results");
node("guard.mjs", "--parts", "--results");
node("memory.mjs", "--results");
node("fetch.mjs");
printed("npm run bench:embed", "Embeddings", "node", [`${here}embed.mjs`]);
printed("npm run bench:tools", "A run of tools beside plain streams", "npm", [
  "run",
  "--silent",
  "bench:tools",
]);
printed("npm run bench:layers", "Ten layers of strategies and wrappers", "npm", [
  "run",
  "--silent",
  "bench:layers",
]);
process.exitCode = failed ? 1 : 0;

function node(script, ...flags) {
  console.error(`bench/${script} ${flags.join(" ")}`);
  const { status } = spawnSync(process.execPath, [here + script, ...flags], { stdio: "inherit" });
  if (status !== 0) failed = true;
}

/** Runs a measurement that prints a few lines, and keeps them as a section of the results. */
function printed(command, title, program, args) {
  console.error(command);
  const { status, stdout } = spawnSync(program, args, {
    cwd: `${here}..`,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) failed = true;
  console.log(stdout);
  writeSection(title, `### ${title}\n\nPrinted by \`${command}\`.\n\n\`\`\`text\n${stdout.trim()}\n\`\`\``);
}
