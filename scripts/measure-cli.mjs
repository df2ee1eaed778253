// Measures the CPU time of the command line beyond `node -e 0`: for `--version`, and until the first byte of a prompt
// is sent. The programs run in turn and the medians are compared, so that a busy machine affects all of them alike.
// usage: npm run build && node scripts/measure-cli.mjs [runs, default 9]
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Milliseconds of CPU above `node -e 0` that each may take. */
const LIMITS = { "ai-lib --version": 25, "first byte of a prompt": 60 };

const runs = Number(process.argv[2] ?? 9);
const program = fileURLToPath(new URL("../packages/cli/bin/ai-lib.js", import.meta.url));
const home = await mkdtemp(join(tmpdir(), "ai-lib-measure-"));
/** Ends the process that sent the request: its work after the first byte is not measured. */
let onRequest = () => {};
let requests = 0;
const server = createServer().on("connection", (socket) => socket.once("data", () => onRequest()));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const environment = {
  PATH: process.env.PATH,
  HOME: home,
  OPENAI_API_KEY: "sk-measure",
  OPENAI_BASE_URL: `http://127.0.0.1:${server.address().port}/v1`,
  OPENAI_MODEL: "gpt-measure",
};

const commands = {
  "node -e 0": ["-e", "0"],
  "ai-lib --version": [program, "--version"],
  "first byte of a prompt": [program, "Hi"],
};
const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
try {
  for (let run = 0; run < runs; run++)
    for (const [name, args] of Object.entries(commands)) times[name].push(await measure(args));
} finally {
  server.close();
  await rm(home, { recursive: true, force: true });
}

if (requests !== runs) throw new Error(`${requests} of ${runs} prompts reached the server`);
const base = median(times["node -e 0"]);
for (const [name, list] of Object.entries(times)) {
  const above = median(list) - base;
  const limit = LIMITS[name];
  const note = limit === undefined ? "" : `  ${above.toFixed(0)} above node -e 0, of ${limit} at most`;
  console.log(`${name.padEnd(24)} ${median(list).toFixed(0).padStart(4)} ms of CPU${note}`);
  if (limit !== undefined && above > limit) process.exitCode = 1;
}

/** The milliseconds of CPU time, user and system, of a Node process. */
async function measure(args) {
  // The shell names the process before it becomes Node, and bash counts its time.
  const script = `TIMEFORMAT='%3U %3S'; time bash -c 'echo $$ >&3; exec "$@"' - "$@" 2>/dev/null >/dev/null`;
  const child = spawn("bash", ["-c", script, "-", process.execPath, ...args], {
    env: environment,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  let [told, pid] = ["", ""];
  child.stderr.on("data", (data) => (told += data));
  child.stdio[3].on("data", (data) => (pid += data));
  onRequest = () => {
    requests++;
    process.kill(Number(pid), "SIGKILL");
  };
  await new Promise((resolve) => child.once("close", resolve));
  const [, user, system] = /(\d+\.\d+) (\d+\.\d+)\s*$/.exec(told) ?? [];
  if (user === undefined) throw new Error(`bash reported no time: ${told}`);
  return (Number(user) + Number(system)) * 1000;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[list.length >> 1];
}
