import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { startSimulator } from "../../../src/testing/simulator.js";
import { execute } from "../../support/packed.js";

/** Runtimes stay installed from run to run. `AI_LIB_RUNTIMES` names another folder for them. */
const cache = process.env["AI_LIB_RUNTIMES"] ?? join(tmpdir(), `ai-lib-runtimes-${userInfo().username}`);
const RUN_MS = 120_000;
const INSTALL_MS = 300_000;

/** How to get a runtime and run the suite in it. */
interface Runtime {
  /** npm packages to install; none for the Node that runs this test. */
  readonly packages: readonly string[];
  /**
   * Runs the suite.
   * @param folder where the suite and the installed package are
   * @param bin the path of a program of the runtime's packages
   * @returns what it printed
   */
  run(folder: string, bin: (program: string) => string): Promise<string>;
}

const node = (version: number): Runtime => ({
  packages: [`node@${version}`],
  run: (folder, bin) => output([bin("node"), "smoke.mjs"], folder),
});

/** The runtimes that the package must run on, each from its npm package. */
export const RUNTIMES: Readonly<Record<string, Runtime>> = {
  node: { packages: [], run: (folder) => output([process.execPath, "smoke.mjs"], folder) },
  "node-22": node(22),
  "node-24": node(24),
  bun: { packages: ["bun@1"], run: (folder, bin) => output([bin("bun"), "run", "smoke.mjs"], folder) },
  deno: {
    packages: ["deno@2"],
    run(folder, bin) {
      const rights = ["--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--no-prompt"];
      return output([bin("deno"), "run", ...rights, "smoke.mjs"], folder);
    },
  },
  workerd: { packages: ["workerd@1", "esbuild@0.25"], run: runWorker },
};

/**
 * Installs a runtime once, and returns a function that gives the path of one of its programs.
 * @throws if npm cannot fetch it.
 */
export async function installRuntime(name: string): Promise<(program: string) => string> {
  const packages = RUNTIMES[name]?.packages ?? [];
  const folder = join(cache, name);
  if (packages.length > 0 && !existsSync(folder)) {
    // A folder of this process alone until it is complete: two test runs may install at the same time.
    const part = `${folder}.${process.pid}`;
    await mkdir(part, { recursive: true });
    await writeFile(join(part, "package.json"), JSON.stringify({ private: true }));
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    await execute("npm", ["install", ...packages, ...quiet], { cwd: part, timeout: INSTALL_MS });
    await rename(part, folder).catch(() => rm(part, { recursive: true, force: true }));
  }
  return (program) => join(folder, "node_modules/.bin", program);
}

/**
 * Runs a program and returns what it printed.
 * @throws if it fails, or takes longer than two minutes.
 */
function output([command = "", ...args]: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: RUN_MS });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
      });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${command} ended with ${signal ?? code}:\n${printed}`));
    });
  });
}

/** workerd's own test mode: one bundle for the platform "browser", a binding for the simulator, and fetch. */
async function runWorker(folder: string, bin: (program: string) => string): Promise<string> {
  // A worker never reaches the builtins of Node, which stand behind lazy imports; bundlers leave those as they are.
  const bundle = ["worker.mjs", "--bundle", "--format=esm", "--platform=browser"];
  const conditions = ["--conditions=workerd,worker", "--outfile=bundle.mjs"];
  await execute(bin("esbuild"), [...bundle, ...conditions], { cwd: folder });
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
    const printed = await output([bin("workerd"), "test", "smoke.capnp"], folder);
    if (simulator.at("silent").some(({ outcome }) => outcome !== "left"))
      throw new Error("The simulator did not see an aborted client leave");
    return printed;
  } finally {
    await simulator.close();
  }
}
