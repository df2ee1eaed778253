import { execFile, fork } from "node:child_process";
import { promisify } from "node:util";

const here = new URL(".", import.meta.url).pathname;
const run = promisify(execFile);

function message(child) {
  return new Promise((resolve, reject) => {
    const settle = (act) => (value) => {
      child.off("message", told);
      child.off("exit", gone);
      act(value);
    };
    const told = settle(resolve);
    const gone = settle((code) => reject(new Error(`A process ended with ${code}`)));
    child.on("message", told);
    child.on("exit", gone);
  });
}

/** The upstream, in its own process. */
export async function upstream() {
  const child = fork(`${here}upstream.mjs`);
  const { port } = await message(child);
  return { url: `http://127.0.0.1:${port}`, stop: () => child.disconnect() };
}

/** One client, in its own process. */
export async function start(name, url) {
  const child = fork(`${here}worker.mjs`, [name, url], { execArgv: ["--expose-gc"] });
  await message(child);
  return {
    async ask(task) {
      child.send(task);
      const { value, error } = await message(child);
      if (error !== undefined) throw new Error(error);
      return value;
    },
    stop: () => child.disconnect(),
  };
}

/** Wall and CPU milliseconds that a process reports which does one thing and ends. */
export async function fresh(what, name, url) {
  const { stdout } = await run(process.execPath, [`${here}fresh.mjs`, what, name, url]);
  return JSON.parse(stdout);
}
