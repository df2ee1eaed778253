// Builds the Next app and starts it.
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("./next-app/", import.meta.url));
const next = fileURLToPath(new URL("./node_modules/next/dist/bin/next", import.meta.url));
const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

export async function startNext(baseUrl) {
  execFileSync(process.execPath, [next, "build", "--webpack"], {
    cwd: folder,
    env: environment,
    stdio: "pipe",
  });
  const port = await freePort();
  const child = spawn(process.execPath, [next, "start", "-p", String(port), "-H", "127.0.0.1"], {
    cwd: folder,
    env: { ...environment, MODEL_BASE_URL: baseUrl },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const up = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) break;
    if (tries > 150 || child.exitCode !== null) throw new Error("Next did not start");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { url, close: () => child.kill() };
}
