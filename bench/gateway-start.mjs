// Measures the start of the gateway on Linux: milliseconds until it listens and until its first answer, and its
// resident memory in MB (1,000,000 bytes) at that time, half a second later, at its peak, and after calls. Measures it
// without a file (`--demo`) and with a file that has a provider and a ledger in SQLite.
// usage: node bench/gateway-start.mjs [--runs N] [--calls N] [--node FILE]; build first. FILE: another version of Node
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const flags = process.argv.slice(2);
const option = (name) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : undefined);
const runs = Number(option("--runs") ?? 9);
const calls = Number(option("--calls") ?? 2_000);
const node = option("--node") ?? process.execPath;
const program = new URL("../packages/gateway/bin/ai-lib-gateway.js", import.meta.url).pathname;
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

/** Resident memory of a process in megabytes: now, or at its peak (`VmHWM`). */
function memoryOf(pid, field = "VmRSS") {
  const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+) kB`).exec(
    readFileSync(`/proc/${pid}/status`, "utf8"),
  );
  return (Number(kilobytes) * 1024) / 1e6;
}

function call({ url, key }) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
    const request = http.request(
      `${url}/v1/chat/completions`,
      { method: "POST", agent, headers },
      (reply) => {
        let text = "";
        reply.on("data", (data) => {
          text += data;
        });
        reply.on("end", () => (reply.statusCode === 200 ? resolve() : reject(new Error(text))));
      },
    );
    request.on("error", reject);
    request.end(JSON.stringify({ model: "default", messages: [{ role: "user", content: "Hello" }] }));
  });
}

/** Starts the gateway and makes calls. */
async function measure(args, environment) {
  const began = performance.now();
  const child = spawn(node, [program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const gateway = await new Promise((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (data) => {
        text += data;
        const [url] = /http:\/\/127\.0\.0\.1:\d+(?=\n)/.exec(text) ?? [];
        const [key] = /aik_[\w-]+(?=\n)/.exec(text) ?? [environment?.GATEWAY_KEY];
        if (url !== undefined && key !== undefined) resolve({ url, key });
      });
      child.once("exit", () => reject(new Error(`The gateway ended: ${text}`)));
    });
    const listening = performance.now() - began;
    await call(gateway);
    const answered = performance.now() - began;
    const first = memoryOf(child.pid);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const later = memoryOf(child.pid);
    const peak = memoryOf(child.pid, "VmHWM");
    for (let made = 0; made < calls; made += 100)
      await Promise.all(Array.from({ length: 100 }, () => call(gateway)));
    return { listening, answered, first, later, peak, "after calls": memoryOf(child.pid) };
  } finally {
    child.kill();
    await ended;
  }
}

async function measureAll(name, args, environment) {
  const all = [];
  for (let run = 0; run < runs; run++) all.push(await measure(args, environment));
  console.log(`\n${name}, ${runs} runs, ${calls} calls`);
  for (const field of Object.keys(all[0])) {
    const sorted = all.map((one) => one[field]).sort((a, b) => a - b);
    const [low, median, high] = [sorted[0], sorted[runs >> 1], sorted[runs - 1]].map((value) =>
      value.toFixed(0),
    );
    console.log(`${field.padEnd(12)} ${median.padStart(5)}   (${low} to ${high})`);
  }
}

const reply = JSON.stringify({
  id: "c",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [
    { index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hello. ".repeat(50) } },
  ],
  usage: { prompt_tokens: 5, completion_tokens: 50, total_tokens: 55 },
});
const upstream = http.createServer((request, response) => {
  request
    .resume()
    .on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(reply));
});
await new Promise((resolve) => upstream.listen(0, "127.0.0.1", resolve));
const folder = mkdtempSync(join(tmpdir(), "gateway-start-"));
try {
  const file = join(folder, "gateway.json");
  const baseUrl = `http://127.0.0.1:${upstream.address().port}/v1`;
  const text = {
    listen: { port: 0 },
    keys: { bench: { env: "GATEWAY_KEY" } },
    providers: { own: { dialect: "openai-chat", baseUrl, model: "m" } },
    routes: { default: { retry: "own" } },
    store: { sqlite: join(folder, "ledger.db") },
  };
  writeFileSync(file, JSON.stringify(text));
  await measureAll("--demo", ["--demo", "--port", "0"]);
  await measureAll("a file", ["--config", file], { GATEWAY_KEY: "aik_bench_0123456789" });
} finally {
  upstream.close();
  agent.destroy();
  rmSync(folder, { recursive: true });
}
