import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const program = fileURLToPath(new URL("../bin/ai-lib-gateway.js", import.meta.url));
const started: ChildProcess[] = [];

afterAll(() => {
  for (const child of started) child.kill();
});

/** Starts the built gateway. @returns what it prints until it listens */
async function startBuilt(
  args: readonly string[],
): Promise<{ readonly pid: number; readonly banner: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  let banner = "";
  await new Promise<void>((resolve, reject) => {
    // Read to the end: the gateway writes its access log here.
    child.stdout.on("data", (data) => {
      banner += String(data);
      if (banner.includes("curl http")) resolve();
    });
    child.once("exit", () => reject(new Error(`The gateway ended: ${banner}`)));
  });
  return { pid: child.pid ?? 0, banner, child };
}

/** Resident memory of a process in MB of 1,000,000 bytes. */
function memoryOf(pid: number): number {
  const kilobytes = execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return (Number(kilobytes) * 1_024) / 1_000_000;
}

/** Makes a call of a gateway that was started with `--demo`. @returns the status of the reply */
async function call(banner: string): Promise<number> {
  const [, url] = /listens on (http:\S+)/.exec(banner) ?? [];
  const [, key] = /Key of this run: (\S+)/.exec(banner) ?? [];
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: "demo", messages: [{ role: "user", content: "ping" }] }),
  });
  await reply.text();
  return reply.status;
}

it("takes less than 110 MB until its first answer", async () => {
  const { pid, banner } = await startBuilt(["--demo", "--port", "0"]);
  expect(await call(banner)).toBe(200);
  const memory = memoryOf(pid);
  expect(memory).toBeGreaterThan(40);
  expect(memory).toBeLessThan(110);
});

it("continues when the reader of its access log ends", async () => {
  const { banner, child } = await startBuilt(["--demo", "--port", "0"]);
  child.stdout?.destroy();
  expect(await call(banner)).toBe(200);
  // The line of the first call is written after 50 ms.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await call(banner)).toBe(200);
  expect(child.exitCode).toBeNull();
});

it("continues after SIGHUP if it does not read its file again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gateway-start-"));
  const file = join(folder, "ai-lib-gateway.yaml");
  await writeFile(
    file,
    'providers: { up: { dialect: openai-chat, baseUrl: "http://127.0.0.1:1/v1" } }\nstore: none\n',
  );
  const { banner, child } = await startBuilt(["--config", file, "--no-watch", "--port", "0"]);
  await rm(folder, { recursive: true });
  child.kill("SIGHUP");
  const [, url] = /listens on (http:\S+)/.exec(banner) ?? [];
  // The signal arrives before the request, if it ends the process at all.
  for (let i = 0; i < 3; i++) expect((await fetch(`${url}/live`)).status).toBe(200);
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
});

it("prints its version without the code of the gateway", async () => {
  const loaded =
    'process.on("exit", () => console.log(process.moduleLoadList.includes("NativeModule http")))';
  const child = spawn(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(loaded)}`, program, "--version"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [printed] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect(printed).toMatch(/^\d+\.\d+\.\d+\nfalse\n$/);
});
