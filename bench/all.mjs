import { spawnSync } from "node:child_process";
import { writeSection } from "./section.mjs";

/**
 * `npm run bench`: measures everything that `bench/RESULTS.md` contains about the library, one measurement after the
 * other, in about twenty minutes on an idle machine. `--long` measures the other clients for longer. `node
 * compat/gateway-bench/bench.mjs --results`, with and without `--limits`, writes the gateway's sections.
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

/** Runs a measurement that prints a few lines, and stores them as a section of the results. */
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
