import { fork } from "node:child_process";
import { Agent, createServer, request as httpRequest } from "node:http";

/**
 * `npm run bench:embed`: `client.embed` of 10,000 texts compared with a bare `node:http` client that sends the same
 * requests and decodes the same base64. Measures the CPU time of each process (interleaved, the least of several
 * rounds) and the memory in use after each round. Fails above the limits. Needs only a build.
 */
const TEXTS = 10_000;
const DIMENSIONS = 1536;
const PER_REQUEST = 2048;
const AT_ONCE = 4;
const ROUNDS = 6;
/** The most CPU time of the client, as a multiple of the bare client's. */
const LIMIT = 1.25;
/** The most growth of the heap from the second round to the last, in megabytes. */
const GROWTH_MB = 8;

const roles = { server: serve, bare: () => work(bareClient), "ai-lib": () => work(aiLibClient) };
const [, , role, url] = process.argv;
if (role === undefined) await compare();
else await roles[role]();

/** Answers with vectors that are made once, so that the server's work does not slow the clients. */
async function serve() {
  const vectors = Array.from({ length: 64 }, (_, seed) =>
    Buffer.from(Float32Array.from({ length: DIMENSIONS }, (_, i) => Math.sin(seed + i)).buffer).toString(
      "base64",
    ),
  );
  const replies = new Map();
  const replyFor = (count) => {
    const known = replies.get(count);
    if (known !== undefined) return known;
    const data = Array.from({ length: count }, (_, index) => ({
      object: "embedding",
      index,
      embedding: vectors[index % vectors.length],
    }));
    const usage = { prompt_tokens: count * 8, total_tokens: count * 8 };
    const made = Buffer.from(
      JSON.stringify({ object: "list", data, model: "text-embedding-3-small", usage }),
    );
    replies.set(count, made);
    return made;
  };
  const server = createServer((request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const body = replyFor(JSON.parse(Buffer.concat(pieces)).input.length);
      response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
      response.end(body);
    });
  });
  server.listen(0, "127.0.0.1", () => process.send(server.address().port));
  process.once("disconnect", () => process.exit());
}

/** The code that one would write by hand: pieces, a few at a time, base64 as lists of numbers. */
async function bareClient() {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const ask = (input) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ model: "text-embedding-3-small", input, encoding_format: "base64" });
      const sent = httpRequest(
        `${url}/v1/embeddings`,
        { method: "POST", agent, headers: { "content-type": "application/json", authorization: "Bearer k" } },
        (reply) => {
          const pieces = [];
          reply.on("data", (piece) => pieces.push(piece));
          reply.on("error", reject);
          reply.on("end", () => {
            const { data } = JSON.parse(Buffer.concat(pieces).toString("utf8"));
            resolve(data.map(({ embedding }) => decode(embedding)));
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  const decode = (base64) => {
    const bytes = Buffer.from(base64, "base64");
    const floats = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const vector = new Array(floats.length);
    for (let i = 0; i < floats.length; i++) vector[i] = floats[i];
    return vector;
  };
  return async (texts) => {
    const pieces = [];
    for (let i = 0; i < texts.length; i += PER_REQUEST) pieces.push(texts.slice(i, i + PER_REQUEST));
    const found = new Array(pieces.length);
    let next = 0;
    const run = async () => {
      while (next < pieces.length) {
        const at = next++;
        found[at] = await ask(pieces[at]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, run));
    return found.flat();
  };
}

async function aiLibClient() {
  const { AiClient } = await import("../packages/ai-lib/dist/index.js");
  const { ProviderFactory } = await import("../packages/ai-lib/dist/providers/index.js");
  const client = new AiClient(
    ProviderFactory.create("openai", { apiKey: "k", baseUrl: `${url}/v1`, environment: {} }),
  );
  return async (texts) => (await client.embed(texts)).embeddings;
}

/** Embeds when the parent asks, and reports its CPU time and the memory in use afterwards. */
async function work(make) {
  const embed = await make();
  const texts = Array.from(
    { length: TEXTS },
    (_, i) => `The text with the number ${i} is about ${i % 97} things.`,
  );
  process.on("message", async () => {
    const before = process.cpuUsage();
    const vectors = await embed(texts);
    const { user, system } = process.cpuUsage(before);
    if (vectors.length !== TEXTS || vectors[TEXTS - 1].length !== DIMENSIONS)
      throw new Error("Vectors are missing or have the wrong length");
    vectors.length = 0;
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    process.send({ ms: (user + system) / 1000, heldMb: (heapUsed + arrayBuffers) / 2 ** 20 });
  });
  process.once("disconnect", () => process.exit());
  process.send("ready");
}

function start(name, ...args) {
  const child = fork(new URL(import.meta.url).pathname, [name, ...args], { execArgv: ["--expose-gc"] });
  const next = () =>
    new Promise((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    });
  return { child, next };
}

async function compare() {
  const server = start("server");
  const base = `http://127.0.0.1:${await server.next()}`;
  const names = ["bare", "ai-lib"];
  const workers = names.map((name) => start(name, base));
  const least = names.map(() => Number.POSITIVE_INFINITY);
  const held = names.map(() => []);
  try {
    await Promise.all(workers.map(({ next }) => next()));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, { child, next }] of workers.entries()) {
        const answer = next();
        child.send("go");
        const { ms, heldMb } = await answer;
        if (round > 0) least[i] = Math.min(least[i], ms);
        held[i].push(heldMb);
      }
    }
  } finally {
    for (const { child } of [...workers, server]) child.disconnect();
  }
  const ratio = least[1] / least[0];
  const growth = held[1].at(-1) - held[1][1];
  for (const [i, name] of names.entries())
    console.log(
      `${name}: ${least[i].toFixed(0)} ms of CPU; held ${held[i].map((mb) => mb.toFixed(1)).join(", ")} MB`,
    );
  console.log(
    `${TEXTS} texts: ${ratio.toFixed(2)} times the bare client (limit ${LIMIT}); growth ${growth.toFixed(1)} MB (limit ${GROWTH_MB})`,
  );
  process.exitCode = ratio <= LIMIT && growth <= GROWTH_MB ? 0 : 1;
}
