import { existsSync } from "node:fs";
import { start, upstream } from "./processes.mjs";

/**
 * `npm run bench:growth`: checks that cost grows in proportion to the size of the input and not faster, and that memory
 * does not grow. CPU time of one process, the least of several rounds at each size.
 */
/** A tenfold size may cost this many times ten. */
const ALLOWED = 1.2;
const ROUNDS = 6;
const STREAMS = Number(process.argv[2] ?? 100_000);

if (!existsSync(new URL("../packages/ai-lib/dist/index.js", import.meta.url)))
  throw new Error("Nothing is built: run `npm run build` first");
const { client } = await import("../packages/ai-lib/dist/dialects/openai-chat/client.js");

const target = { provider: "bench", model: "gpt-bench", quirks: {}, now: 0 };
const sink = {
  event() {},
  finish() {},
  fail(error) {
    throw error;
  },
};

function frameOf(delta, finish = null) {
  return {
    data: JSON.stringify({ id: "a", model: "m", choices: [{ index: 0, delta, finish_reason: finish }] }),
  };
}

function decode(frames, last) {
  const decoder = client.decoder(target, sink);
  for (const frame of frames) decoder.frame(frame);
  decoder.frame(frameOf({}, last));
  decoder.frame({ data: "[DONE]" });
}

function textStream(chunks) {
  // The same ten frames in turn. More of them would measure the processor's caches.
  const few = Array.from({ length: 10 }, (_, i) => frameOf({ content: `token ${i}` }));
  const frames = Array.from({ length: chunks }, (_, i) => few[i % few.length]);
  return () => decode(frames, "stop");
}

function toolStream(characters) {
  const call = (fields) => frameOf({ tool_calls: [{ index: 0, ...fields }] });
  const piece = "0123456789abcdef";
  const frames = [call({ id: "c", function: { name: "f", arguments: '{"text":"' } })];
  const more = call({ function: { arguments: piece } });
  for (let i = 0; i < characters; i += piece.length) frames.push(more);
  frames.push(call({ function: { arguments: '"}' } }));
  return () => decode(frames, "tool_calls");
}

function history(messages) {
  const request = {
    messages: Array.from({ length: messages }, (_, i) => ({
      role: i % 2 === 0 ? "user" : "assistant",
      content: `Message ${i} of a long conversation.`,
    })),
  };
  return () => client.encode(request, "unary", target);
}

function tools(count) {
  const request = {
    messages: [{ role: "user", content: "Hi" }],
    tools: Array.from({ length: count }, (_, i) => ({
      type: "function",
      name: `tool_${i}`,
      description: `Does thing ${i}`,
      parameters: { type: "object", properties: { a: { type: "string" }, b: { type: "number" } } },
    })),
  };
  return () => client.encode(request, "unary", target);
}

/** CPU microseconds of one run; short ones are repeated until they can be measured. */
function cost(run) {
  const before = process.cpuUsage();
  let runs = 0;
  let spent = 0;
  while (spent < 60_000) {
    run();
    runs++;
    const { user, system } = process.cpuUsage(before);
    spent = user + system;
  }
  return spent / runs;
}

/**
 * The cost of one run as a multiple of another's: the least of several interleaved rounds, since a busy machine only
 * adds to it.
 */
function ratioOf(large, small) {
  let [most, least] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    most = Math.min(most, cost(large));
    least = Math.min(least, cost(small));
  }
  return most / least;
}

let failed = false;
const rows = [
  ["text chunks", textStream, 2_000, 20_000],
  ["characters of tool arguments, 16 a delta", toolStream, 100_000, 1_000_000],
  ["messages of a history", history, 100, 1_000],
  ["tools", tools, 50, 500],
];
for (const [what, make, small, large] of rows) {
  const [one, ten] = [make(small), make(large)];
  const ratio = ratioOf(ten, one) / (large / small);
  console.log(`${large} ${what}: ${ratio.toFixed(2)} of linear from ${small}`);
  failed ||= ratio > ALLOWED;
}

const server = await upstream();
const worker = await start("ai-lib-stack", server.url);
const batch = { task: "stream", parallel: 64, chunks: 4, perRead: 4, pace: 0, dialect: "openai" };
await worker.ask({ ...batch, count: Math.min(STREAMS, 10_000) });
const before = await worker.ask({ task: "heap" });
await worker.ask({ ...batch, count: STREAMS });
const grown = (await worker.ask({ task: "heap" })) - before;
console.log(
  `${STREAMS} streams: the heap grew by ${(grown / 1024).toFixed(0)} KiB, ${(grown / STREAMS).toFixed(1)} bytes each`,
);
failed ||= grown > 2 * 2 ** 20;
worker.stop();
server.stop();
process.exitCode = failed ? 1 : 0;
