// Measures the gateway, bare proxies and Portkey on loopback, with an upstream that answers immediately.
// usage: node bench.mjs [--quick] [--calls N] [--streams N] [--only NAME] [--results]
//        node bench.mjs --limits [--quick] [--calls N] [--results]: the gateway with and without limits and ledger
// --results writes the table into its section of bench/RESULTS.md.
import { fork, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const flags = process.argv.slice(2);
const option = (name) => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : undefined);
const quick = flags.includes("--quick");
const guard = flags.includes("--guard");
const ROUNDS = quick ? 1 : guard ? 6 : 7;
const CALLS = Number(option("--calls") ?? (quick ? 300 : guard ? 600 : 1_500));
/** Rounds before the first measured one of `--limits`. */
const WARM_UPS = quick ? 1 : 4;
const CONNECTIONS = 32;
/** Streams whose events are sent one by one take 40 ms each. */
const PACED_CALLS = Math.min(CALLS, 200);
const STREAMS = Number(option("--streams") ?? (quick ? 500 : 5_000));
const here = (path) => new URL(path, import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "gateway-bench-"));
const children = [];

function forked(file, ...args) {
  const child = fork(here(file), args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  children.push(child);
  return new Promise((resolve) => child.once("message", (port) => resolve({ pid: child.pid, port })));
}

/** Limits at every node from a key to the root. None of them is ever reached. */
const GUARDED = {
  groups: {
    acme: {
      level: "organisation",
      limits: [
        { dollars: 1_000_000, per: "month" },
        { tokens: 1_000_000_000, per: "minute", window: "rolling" },
      ],
    },
    search: { parent: "acme", limits: [{ concurrent: 5_000 }, { tokens: 1_000_000_000, per: "day" }] },
  },
  keys: {
    bench: {
      secret: { env: "BENCH_KEY" },
      group: "search",
      limits: [
        { requests: 1_000_000, per: "minute" },
        { dollars: 1_000_000, per: "total" },
      ],
    },
  },
  prices: { "same/*": { input: 1, output: 4 }, "other/*": { input: 1, output: 4 } },
  store: { sqlite: join(folder, "ledger.db") },
};

async function gateway(upstream, transport, more = { keys: { bench: { env: "BENCH_KEY" } }, store: "none" }) {
  const file = join(
    folder,
    `gateway-${transport}-${Object.keys(more).join("-")}-${more.store === "none"}.json`,
  );
  const base = `http://127.0.0.1:${upstream}`;
  writeFileSync(
    file,
    JSON.stringify({
      listen: { port: 0 },
      transport,
      ...more,
      providers: {
        same: { dialect: "openai-chat", baseUrl: `${base}/v1`, model: "m" },
        other: { dialect: "anthropic-messages", baseUrl: base, model: "m" },
      },
      routes: { same: { retry: "same" }, other: { retry: "other" } },
      aliases: { "held-*": "same/held-*" },
      limits: { connections: 100_000, calls: 100_000 },
    }),
  );
  const env = { ...process.env, BENCH_KEY: "aik_bench_0123456789" };
  const child = spawn(process.execPath, [here("../../packages/gateway/bin/ai-lib-gateway.js"), "-c", file], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const port = await new Promise((resolve) => {
    let text = "";
    child.stdout.on("data", (data) => {
      if (text === undefined) return;
      text += data;
      const found = /127\.0\.0\.1:(\d+)/.exec(text);
      if (found === null) return;
      text = undefined;
      resolve(Number(found[1]));
    });
  });
  return { pid: child.pid, port };
}

async function portkey(upstream) {
  const start = here("node_modules/@portkey-ai/gateway/build/start-server.js");
  if (!existsSync(start)) return undefined;
  const port = 20_000 + (process.pid % 20_000);
  const child = spawn(process.execPath, [start, "--headless", `--port=${port}`], {
    stdio: "ignore",
    env: { ...process.env, PORT: String(port) },
  });
  children.push(child);
  for (let i = 0; i < 100; i++) {
    const up = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (up) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    pid: child.pid,
    port,
    headers: { "x-portkey-provider": "openai", "x-portkey-custom-host": `http://127.0.0.1:${upstream}/v1` },
  };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const free = new http.Agent({ keepAlive: false, maxSockets: 100_000 });

/** Makes one call. @returns milliseconds until the first byte of the body */
function call({ port, headers = {}, model = "m" }, stream, { via = agent, onFirst } = {}) {
  const body = JSON.stringify({
    model,
    stream,
    messages: [{ role: "user", content: "Tell me something. ".repeat(40) }],
  });
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let first;
    const request = http.request(
      {
        host: "127.0.0.1",
        port,
        path: "/v1/chat/completions",
        method: "POST",
        agent: via,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          authorization: "Bearer aik_bench_0123456789",
          ...headers,
        },
      },
      (reply) => {
        let size = 0;
        reply.on("data", (data) => {
          if (first === undefined) {
            first = performance.now() - began;
            onFirst?.();
          }
          size += data.length;
        });
        reply.on("end", () =>
          reply.statusCode === 200 && size > 500
            ? resolve(first)
            : reject(new Error(`status ${reply.statusCode}, ${size} bytes`)),
        );
        reply.on("error", reject);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/**
 * CPU time of all threads of a process in milliseconds. The scheduler counts nanoseconds, `stat` only hundredths of
 * seconds.
 */
function cpuOf(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const times = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8"));
  return times.reduce((sum, text) => sum + Number(text.split(" ")[0]) / 1e6, 0);
}
const rssOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;

async function load(server, stream, calls = CALLS) {
  const before = cpuOf(server.pid);
  const began = performance.now();
  let left = calls;
  const firsts = [];
  const worker = async () => {
    while (left-- > 0) firsts.push(await call(server, stream));
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const seconds = (performance.now() - began) / 1_000;
  return { cpu: ((cpuOf(server.pid) - before) * 1_000) / calls, rps: calls / seconds };
}

/** The load of streams whose events are sent one by one. */
function loadPaced(server) {
  const model = server.model === undefined ? "paced" : `${server.model}/paced`;
  return load({ ...server, model }, true, PACED_CALLS);
}

/** The time to the first byte of one stream at a time. */
async function firstByte(server) {
  const times = [];
  for (let i = 0; i < (quick ? 30 : 100); i++) times.push(await call(server, true));
  return median(times);
}

/** Memory of streams that are open at once. */
async function openStreams(server) {
  await call(server, true);
  const before = rssOf(server.pid);
  let open = 0;
  const held = { ...server, model: "held-20000" };
  const running = [];
  let most = before;
  for (let i = 0; i < STREAMS; i++) {
    running.push(call(held, true, { via: free, onFirst: () => open++ }).catch(() => undefined));
    if (i % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 30));
  }
  for (let i = 0; i < 600 && open < STREAMS; i++) await new Promise((resolve) => setTimeout(resolve, 20));
  most = rssOf(server.pid);
  const reached = open;
  await Promise.all(running);
  return { reached, bytes: (most - before) / Math.max(1, reached) };
}

/** An open gateway that stores nothing. It has prices, because its metrics include dollars, too. */
const open = { open: true, prices: GUARDED.prices, store: "none" };

/**
 * The most that keys, limits and ledger may cost, as a factor. It was 1.25 to 1.45 when this limit was set. Twice the
 * part above 1 detects a large regression, and a busy machine does not reach it.
 */
const MAX_FACTOR = 1.75;

/** The machine can be too busy during a whole series; a regression shows in each. */
const SERIES = 3;

/**
 * Fails if keys, limits and ledger cost too much. The least of several rounds counts, since other work on the machine
 * only adds to it.
 */
async function guardLimits({ port }) {
  const servers = [await gateway(port, "undici", open), await gateway(port, "undici", GUARDED)];
  for (const [what, model] of [
    ["a call with the client's bytes", "same"],
    ["a translated call", "other"],
  ]) {
    const all = servers.map((server) => ({ ...server, model }));
    for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) for (const server of all) await load(server, false);
    let factor = Number.POSITIVE_INFINITY;
    for (let series = 0; series < SERIES && factor > MAX_FACTOR; series++) {
      const least = all.map(() => Number.POSITIVE_INFINITY);
      for (let round = 0; round < ROUNDS; round++)
        for (const [i, server] of all.entries())
          least[i] = Math.min(least[i], (await load(server, false)).cpu);
      factor = least[1] / least[0];
    }
    const line = `${what}: keys, limits and ledger take ${factor.toFixed(2)} times the CPU (limit ${MAX_FACTOR})`;
    if (factor > MAX_FACTOR) {
      console.error(line);
      process.exitCode = 1;
    } else console.log(line);
  }
}

/** Compares a gateway with keys, limits and ledger with an open gateway that stores nothing. */
async function compareLimits({ port }) {
  const without = await gateway(port, "undici", open);
  const limits = await gateway(port, "undici", { ...GUARDED, store: "none" });
  const ledger = await gateway(port, "undici", GUARDED);
  const rows = [];
  for (const [what, model, stream] of [
    ["bytes", "same", false],
    ["bytes, streams", "same", true],
    ["translated", "other", false],
    ["translated, streams", "other", true],
  ]) {
    const all = [without, limits, ledger].map((server) => ({ server: { ...server, model }, cpu: [] }));
    // Compares processes that have run for a while, without the compilation of their first calls.
    for (let warmUp = 0; warmUp < WARM_UPS; warmUp++)
      for (const { server } of all) await load(server, stream);
    for (let round = 0; round < ROUNDS; round++)
      for (const { server, cpu } of all) cpu.push((await load(server, stream)).cpu);
    const [before, some, most] = all.map(({ cpu }) => median(cpu));
    const cells = [before, some, most].map((value) => Math.round(value));
    rows.push(`| ${[what, ...cells, (most / before).toFixed(2)].join(" | ")} |`);
  }
  publish(
    "The gateway with keys, limits and ledger",
    [
      `CPU us a call, medians of ${ROUNDS} interleaved rounds of ${CALLS} calls at ${CONNECTIONS} connections, after ${WARM_UPS} such rounds; Node ${process.versions.node}. Six limits of three kinds at a key and two groups; each call, with its attempt, is one row in SQLite.`,
      "",
      "| calls | without | with keys and limits | with keys, limits and ledger | ratio |",
      "| --- | ---: | ---: | ---: | ---: |",
      ...rows,
    ].join("\n"),
  );
}

/** Prints a table, and with --results writes it into its section of the results. */
function publish(title, text) {
  console.log(text);
  if (!flags.includes("--results")) return;
  const file = here("../../bench/RESULTS.md");
  const command = [
    "node compat/gateway-bench/bench.mjs",
    ...flags.filter((flag) => flag !== "--results"),
  ].join(" ");
  const begin = `<!-- section: ${title} -->`;
  const end = "<!-- end of the section -->";
  const section = `${begin}\n### ${title}\n\nWritten by \`${command} --results\`. Loopback, an upstream that answers immediately, every server in a process of its own. CPU time is that of the whole process: garbage collection, compilation and the threads of the store included.\n\n${text}\n${end}\n`;
  const known = readFileSync(file, "utf8");
  const from = known.indexOf(begin);
  const to = from === -1 ? -1 : known.indexOf(end, from) + end.length + 1;
  writeFileSync(
    file,
    from === -1 ? `${known.trimEnd()}\n\n${section}` : known.slice(0, from) + section + known.slice(to),
  );
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const upstream = await forked("upstream.mjs");
if (flags.includes("--limits")) {
  await (guard ? guardLimits(upstream) : compareLimits(upstream)).finally(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  process.exit();
}
const gate = await gateway(upstream.port, "undici");
const gateNode = await gateway(upstream.port, "node");
const servers = {
  direct: upstream,
  "node:http proxy": await forked("proxies.mjs", "http", upstream.port),
  "undici proxy": await forked("proxies.mjs", "undici", upstream.port),
  "ai-lib-gateway, bytes": { ...gate, model: "same" },
  "ai-lib-gateway, translated": { ...gate, model: "other" },
  "ai-lib-gateway on node:http, bytes": { ...gateNode, model: "same" },
  "ai-lib-gateway on node:http, translated": { ...gateNode, model: "other" },
};
const rival = await portkey(upstream.port);
if (rival !== undefined) servers["Portkey 1.15.2"] = rival;

const only = option("--only");
const names = Object.keys(servers).filter(
  (name) => only === undefined || name.includes(only) || name === "node:http proxy",
);
const results = Object.fromEntries(
  names.map((name) => [name, { cpu: [], rps: [], streamCpu: [], streamRps: [], pacedCpu: [], first: [] }]),
);
try {
  for (const name of names) {
    await load(servers[name], false);
    await load(servers[name], true);
    await loadPaced(servers[name]);
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const name of names) {
      const whole = await load(servers[name], false);
      const streamed = await load(servers[name], true);
      results[name].cpu.push(whole.cpu);
      results[name].rps.push(whole.rps);
      results[name].streamCpu.push(streamed.cpu);
      results[name].streamRps.push(streamed.rps);
      results[name].pacedCpu.push((await loadPaced(servers[name])).cpu);
      results[name].first.push(await firstByte(servers[name]));
    }
  const table = Object.fromEntries(
    names.map((name) => [
      name,
      Object.fromEntries(Object.entries(results[name]).map(([what, values]) => [what, median(values)])),
    ]),
  );
  for (const name of names) {
    if (name === "direct" || name.endsWith("translated")) continue;
    const { reached, bytes } = await openStreams(servers[name]);
    table[name].streams = reached;
    table[name].kib = bytes / 1024;
  }
  const rows = names.map((name) => {
    const { cpu, rps, streamCpu, streamRps, pacedCpu, first, streams, kib } = table[name];
    const cells = [cpu, rps, streamCpu, streamRps, pacedCpu].map((value) => Math.round(value));
    return `| ${[name, ...cells, first.toFixed(2), streams ?? "", kib === undefined ? "" : kib.toFixed(0)].join(" | ")} |`;
  });
  const text = [
    `Medians of ${ROUNDS} interleaved rounds of ${CALLS} calls at ${CONNECTIONS} connections; Node ${process.versions.node}. A stream has 43 events, which the upstream sends in two pieces; in a paced stream it sends each by itself.`,
    "",
    "| server | CPU us a call | calls/s | CPU us a stream | streams/s | CPU us a paced stream | first byte ms | streams open | KiB a stream |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
  publish("The gateway beside bare proxies and Portkey", text);
} finally {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
