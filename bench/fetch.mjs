import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { writeSection } from "./section.mjs";

/**
 * `npm run bench:fetch`: a stream read by the SDK `openai` over `aiFetch` and a provider of ai-lib, beside the same SDK
 * over the global `fetch`. Both ask the upstream of the other benchmarks, each client in a process of its own. Within
 * each round they take turns: one long stream, or a few short ones, then the next client. Writes its section of
 * RESULTS.md, and fails above the limit. Needs nothing but a build.
 */
const CHUNKS = 4000;
const WARMUP = 3;
const ROUNDS = 15;
/** Turns of each client in a round. Short ones, so that a busy moment of the machine hits all clients. */
const TURNS = 3;
/** Streams of two chunks in a turn, whose time to the first chunk is measured. */
const FIRSTS = 30;
/** Both figures over those with the global fetch, by the median of the rounds' ratios. */
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
  const turns = {
    async long() {
      const before = process.cpuUsage();
      const { chunks } = await read(long);
      if (chunks !== CHUNKS) throw new Error(`${chunks} of ${CHUNKS} chunks came`);
      const { user, system } = process.cpuUsage(before);
      return [(user + system) / CHUNKS];
    },
    async short() {
      const firsts = [];
      for (let i = 0; i < FIRSTS; i++) firsts.push((await read(short)).first);
      return firsts;
    },
  };
  process.on("message", async (turn) => process.send(await turns[turn]()));
  process.once("disconnect", () => process.exit());
  process.send("ready");
}

function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];
}

function median(values) {
  return quantile(values, 0.5);
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
      const measured = workers.map(() => ({ long: [], short: [] }));
      for (const turn of ["long", "short"])
        for (let i = 0; i < TURNS; i++)
          for (const [at, { child, next }] of workers.entries()) {
            const answer = next();
            child.send(turn);
            measured[at][turn].push(...(await answer));
          }
      if (round >= WARMUP)
        rounds.push(measured.map(({ long, short }) => ({ cpu: median(long), first: median(short) })));
    }
  } finally {
    for (const { child } of workers) child.disconnect();
    upstream.child.kill();
  }
  const column = (i, key) => rounds.map((measured) => measured[i][key]);
  const ratio = (i, key) => median(rounds.map((measured) => measured[i][key] / measured[0][key]));
  const cells = (i, key, digits) => {
    const values = column(i, key);
    const quartiles = [0.25, 0.75].map((share) => quantile(values, share).toFixed(digits)).join(" to ");
    return `${median(values).toFixed(digits)} | ${quartiles} | ${ratio(i, key).toFixed(2)}`;
  };
  const lines = names.map((name, i) => `| ${name} | ${cells(i, "cpu", 1)} | ${cells(i, "first", 2)} |`);
  const { version } = JSON.parse(
    readFileSync(new URL("../node_modules/openai/package.json", import.meta.url), "utf8"),
  );
  const section = `### openai under aiFetch: streams

Written by \`npm run build && npm run bench:fetch\`. ${ROUNDS} rounds after ${WARMUP} to warm up; every client in a process of its own. In each round every client has ${TURNS} turns with a stream of ${CHUNKS} chunks, 4 per read, whose CPU time counts, and ${TURNS} turns with ${FIRSTS} short streams, whose time to the first chunk counts; a round's figure is the median of its turns, and the clients alternate after each turn. The upstream answers immediately: the time that a vendor takes comes on top for every client. aiFetch waits for the first content, since a provider that fails before it can be replaced; the SDK over the global fetch already gets the chunk before it, which has the role alone. Ratios are the median of the rounds' ratios; neither may be above ${LIMIT}. Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}, openai ${version}.

| client | us CPU per chunk | quartiles | to the global fetch | ms to the first chunk | quartiles | to the global fetch |
|---|--:|--:|--:|--:|--:|--:|
${lines.join("\n")}`;
  console.log(section);
  writeSection("npm run bench:fetch", section);
  const ratios = names.flatMap((_, i) => [ratio(i, "cpu"), ratio(i, "first")]);
  process.exitCode = ratios.every((one) => one <= LIMIT) ? 0 : 1;
}
