// Measures the start of the gateway: time and memory until the first answer, with simulated models and the default ledger.
// usage: node bench/gateway-start.mjs [--runs N] [--node FILE] [-- ARGUMENTS OF NODE]   (build first)
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

const flags = process.argv.slice(2);
const behind = flags.indexOf("--");
const nodeArguments = behind === -1 ? [] : flags.splice(behind).slice(1);
const option = (name) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : undefined);
const runs = Number(option("--runs") ?? 9);
const node = option("--node") ?? process.execPath;
const program = new URL("../packages/gateway/bin/ai-lib-gateway.js", import.meta.url).pathname;

/** Resident memory and its peak, in MB of 1,000,000 bytes. */
function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  const read = (name) => (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)[1]) * 1024) / 1e6;
  return { resident: read("VmRSS"), peak: read("VmHWM") };
}

/** Starts the gateway and makes one call. */
async function start() {
  const began = performance.now();
  const child = spawn(node, [...nodeArguments, program, "--demo", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const { url, key } = await new Promise((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (data) => {
        text += data;
        const [url] = /http:\/\/127\.0\.0\.1:\d+(?=\n)/.exec(text) ?? [];
        const [key] = /aik_[\w-]+/.exec(text) ?? [];
        if (url !== undefined && key !== undefined) resolve({ url, key });
      });
      child.once("exit", () => reject(new Error(`The gateway ended: ${text}`)));
    });
    const listening = performance.now() - began;
    const reply = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: "default", messages: [{ role: "user", content: "Hi" }] }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(text);
    const answered = performance.now() - began;
    const first = memoryOf(child.pid);
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { listening, answered, ...first, later: memoryOf(child.pid).resident };
  } finally {
    child.kill();
    await ended;
  }
}

const all = [];
for (let run = 0; run < runs; run++) all.push(await start());
for (const name of Object.keys(all[0])) {
  const sorted = all.map((one) => one[name]).sort((a, b) => a - b);
  console.log(
    name.padEnd(10),
    sorted.map((value) => value.toFixed(0)).join(" "),
    " median",
    sorted[runs >> 1].toFixed(1),
  );
}
