// Runs packages/ai-lib/test/smoke on every runtime that users run: each is taken from its npm package into a cached folder, and meets
// the package as users install it, packed and with its own dependencies. `npm run build` comes first.
// usage: node scripts/smoke.mjs [runtime...]
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const root = fileURLToPath(new URL("../packages/ai-lib/", import.meta.url));
/** Kept from run to run; `AI_LIB_RUNTIMES` names another folder. */
const cache = process.env.AI_LIB_RUNTIMES ?? join(tmpdir(), `ai-lib-runtimes-${userInfo().username}`);
const RUN_MS = 120_000;
const INSTALL_MS = 300_000;

/** What npm package each runtime comes from, and how it runs a program. `node` is the one that runs this script. */
const RUNTIMES = {
  node: { run: (file) => [process.execPath, file] },
  "node-22": { packages: ["node@22"], run: (file, bin) => [bin("node"), file] },
  "node-24": { packages: ["node@24"], run: (file, bin) => [bin("node"), file] },
  bun: { packages: ["bun@1"], run: (file, bin) => [bin("bun"), "run", file] },
  deno: {
    packages: ["deno@2"],
    run: (file, bin) => [
      bin("deno"),
      "run",
      "--allow-net=127.0.0.1",
      "--allow-env",
      "--allow-read",
      "--no-prompt",
      file,
    ],
  },
  workerd: { packages: ["workerd@1", "esbuild@0.25"], worker: true },
};

/** Runs a program and shows its lines; rejects with what it said where it fails or takes too long. */
function run([command, ...args], cwd, name) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: RUN_MS });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        said += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const checks = said.split("\n").filter((line) => line.includes("ok ")).length;
      const counted = Number(/(\d+) passed/.exec(said)?.[1]);
      if (code === 0 && checks > 0 && checks === counted) resolve(checks);
      else reject(new Error(`${name} ended with ${signal ?? code}:\n${said}`));
    });
  });
}

const npm = (args, cwd) =>
  execute("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd, timeout: INSTALL_MS });

/** The folder of a runtime's package, installed once. */
async function installed(name, packages) {
  const folder = join(cache, name);
  if (existsSync(join(folder, "ready"))) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  await npm(["install", ...packages], folder);
  await writeFile(join(folder, "ready"), packages.join(" "));
  return folder;
}

/** A folder in which the package is installed from its tarball. */
async function packed() {
  const folder = await mkdtemp(join(tmpdir(), "ai-lib-smoke-"));
  const { stdout } = await npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root);
  const [{ filename }] = JSON.parse(stdout);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await npm(["install", join(folder, filename)], folder);
  for (const file of ["smoke.mjs", "worker.mjs", "checks.mjs"])
    await cp(join(root, "test/smoke", file), join(folder, file));
  return folder;
}

/** workerd's own test mode: one bundle for the platform "browser", a binding for the simulator, and fetch. */
async function runWorker(bin, folder) {
  // Builtins of Node stand behind lazy imports that a worker never reaches; bundlers leave them as they are.
  const bundle = [
    ...["worker.mjs", "--bundle", "--format=esm", "--platform=browser"],
    ...["--conditions=workerd,worker"],
  ];
  await execute(bin("esbuild"), [...bundle, "--outfile=bundle.mjs"], { cwd: folder });
  const { startSimulator } = await import(join(root, "dist/testing/index.js"));
  const simulator = await startSimulator();
  simulator.always("busy", { status: 503 });
  simulator.always("cut", { cut: 1 });
  simulator.always("silent", { silent: 3 });
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  (name = "main", worker = .worker),
  (name = "internet", network = (allow = ["private", "public", "local"])),
]);
const worker :Workerd.Worker = (
  modules = [(name = "bundle.mjs", esModule = embed "bundle.mjs")],
  compatibilityDate = "2025-05-01",
  bindings = [(name = "SIMULATOR", text = "${simulator.url}")],
);
`;
  await writeFile(join(folder, "smoke.capnp"), config);
  try {
    const count = await run([bin("workerd"), "test", "smoke.capnp"], folder, "workerd");
    const left = simulator.at("silent").every(({ outcome }) => outcome === "left");
    if (!left) throw new Error("workerd: the simulator did not see an aborted client leave");
    return count;
  } finally {
    await simulator.close();
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(RUNTIMES, name));
if (unknown !== undefined)
  throw new Error(`No runtime "${unknown}"; known: ${Object.keys(RUNTIMES).join(", ")}`);
const names = wanted.length === 0 ? Object.keys(RUNTIMES) : wanted;
const folder = await packed();
let failures = 0;
try {
  // Downloads wait for the network and can wait at once; the runs share the machine's cores and come in turn.
  const places = names.map((name) => {
    const { packages } = RUNTIMES[name];
    const place = packages === undefined ? Promise.resolve(undefined) : installed(name, packages);
    place.catch(() => {});
    return place;
  });
  for (const [i, name] of names.entries()) {
    const { worker, run: command } = RUNTIMES[name];
    try {
      const place = await places[i];
      const bin = (program) => join(place, "node_modules/.bin", program);
      const count = worker
        ? await runWorker(bin, folder)
        : await run(command("smoke.mjs", bin), folder, name);
      console.log(`ok ${name}: ${count} checks`);
    } catch (error) {
      failures++;
      console.log(`not ok ${name}: ${error.stderr || error.message}`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
console.log(`ai-lib ${version}: ${names.length - failures} of ${names.length} runtimes`);
process.exitCode = failures === 0 ? 0 : 1;
