import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { writeSection } from "./section.mjs";

/**
 * `npm run bench:fetch`: a stream read by the SDK `openai` over `aiFetch` and a provider of ai-lib, beside the same SDK
 * over the global `fetch`. Both ask the upstream of the other benchmarks, each client in a process of its own, one
 * after the other within each round. Writes its section of RESULTS.md, and fails above the limit. Needs nothing but a
 * build.
 */
const CHUNKS = 4000;
/** Streams of a round, of each client. */
const STREAMS = 3;
const WARMUP = 3;
const ROUNDS = 15;
/** Streams of two chunks, whose time to the first chunk is measured. */
const FIRSTS = 20;
/** CPU time of a chunk over that with the global fetch, by the median of the rounds' ratios. */
const LIMIT = 1.2;

const CLIENTS = {
  "openai + global fetch": () => undefined,
  "openai + aiFetch + provider": (provider, aiFetch) => aiFetch(provider),
  "openai + aiFetch + provider, answers written anew": (provider, aiFetch) =>
    aiFetch(provider, { bytes: false }),
};

const [, , role, url] = process.argv;
if (role === undefined) await compare();
else await work(CLIENTS[role]);

async function work(fetchOf) {
  const { default: OpenAI } = await import("openai");
  const { defineProvider } = await import("../packages/ai-lib/dist/index.js");
  const { aiFetch } = await import("../packages/ai-lib/dist/interop/fetch.js");
  const clientAt = (baseURL) => {
    const data = { id: "bench", dialect: "openai-chat", baseUrl: baseURL, ownDialect: true };
    const fetch = fetchOf(defineProvider(data, { apiKey: "k", environment: {} }), aiFetch);
    // Where the provider answers, the SDK has its vendor's address.
    return new OpenAI({
      apiKey: "k",
      baseURL: fetch === undefined ? baseURL : "https://api.openai.com/v1",
      fetch,
    });
  };
  const long = clientAt(`${url}/${CHUNKS}/4/0/openai`);
  const short = clientAt(`${url}/2/1/0/openai`);
  async function read(client) {
    const begun = performance.now();
    let chunks = 0;
    let first;
    const stream = await client.chat.completions.create({
      model: "m",
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: "user", content: "Hi" }],
    });
    for await (const { choices } of stream) {
      first ??= performance.now() - begun;
      if (choices[0]?.delta.content) chunks++;
    }
    return { chunks, first };
  }
  process.on("message", async () => {
    const before = process.cpuUsage();
    for (let i = 0; i < STREAMS; i++) {
      const { chunks } = await read(long);
      if (chunks !== CHUNKS) throw new Error(`${chunks} of ${CHUNKS} chunks came`);
    }
    const { user, system } = process.cpuUsage(before);
    const firsts = [];
    for (let i = 0; i < FIRSTS; i++) firsts.push((await read(short)).first);
    process.send({ cpu: (user + system) / (STREAMS * CHUNKS), first: Math.min(...firsts) });
  });
  process.once("disconnect", () => process.exit());
  process.send("ready");
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function start(file, ...args) {
  const child = fork(new URL(file, import.meta.url).pathname, args);
  const ended = new Promise((_, reject) =>
    child.once("exit", (code) => reject(new Error(`${args[0] ?? file} ended with ${code}`))),
  );
  ended.catch(() => undefined); // it ends in any case, after the last round
  const next = () => Promise.race([new Promise((resolve) => child.once("message", resolve)), ended]);
  return { child, next };
}

async function compare() {
  const upstream = start("upstream.mjs");
  const { port } = await upstream.next();
  const names = Object.keys(CLIENTS);
  const workers = names.map((name) => start("fetch.mjs", name, `http://127.0.0.1:${port}`));
  const rounds = [];
  try {
    await Promise.all(workers.map(({ next }) => next()));
    for (let round = 0; round < WARMUP + ROUNDS; round++) {
      const measured = [];
      for (const { child, next } of workers) {
        const answer = next();
        child.send("go");
        measured.push(await answer);
      }
      if (round >= WARMUP) rounds.push(measured);
    }
  } finally {
    for (const { child } of workers) child.disconnect();
    upstream.child.kill();
  }
  const column = (i, key) => rounds.map((measured) => measured[i][key]);
  const ratio = (i, key) => median(rounds.map((measured) => measured[i][key] / measured[0][key]));
  const lines = names.map((name, i) => {
    const cpu = column(i, "cpu");
    const spread = `${Math.min(...cpu).toFixed(1)} to ${Math.max(...cpu).toFixed(1)}`;
    return `| ${name} | ${median(cpu).toFixed(1)} | ${spread} | ${ratio(i, "cpu").toFixed(2)} | ${median(column(i, "first")).toFixed(2)} | ${ratio(i, "first").toFixed(2)} |`;
  });
  const { version } = JSON.parse(
    readFileSync(new URL("../node_modules/openai/package.json", import.meta.url), "utf8"),
  );
  const section = `### openai under aiFetch: streams

Written by \`npm run build && npm run bench:fetch\`. ${ROUNDS} rounds after ${WARMUP} to warm up; every client in a process of its own, one after the other within each round; ${STREAMS} streams of ${CHUNKS} chunks, 4 per read, and ${FIRSTS} short ones for the time to the first chunk, of which the least counts. The upstream answers immediately: the time that a vendor takes comes on top for every client. Ratios are the median of the rounds' ratios. Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}, openai ${version}.

| client | us CPU per chunk | spread | to the global fetch | ms to the first chunk | to the global fetch |
|---|--:|--:|--:|--:|--:|
${lines.join("\n")}`;
  console.log(section);
  writeSection("npm run bench:fetch", section);
  process.exitCode = ratio(1, "cpu") <= LIMIT ? 0 : 1;
}
