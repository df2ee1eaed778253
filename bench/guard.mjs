import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { start, upstream } from "./processes.mjs";
import { writeSection } from "./section.mjs";
import { quantile } from "./table.mjs";

/**
 * `node bench/guard.mjs`: the CPU time of ai-lib as a multiple of the floor (`node:http` and `JSON.parse`). The floor
 * and ai-lib run in a process each and work in turn, in short blocks. A block of the floor and the next block of ai-lib
 * make a pair, and the median of the pairs' ratios is the result. Other work on the machine slows both halves of a
 * pair. A process may be compiled or laid out in memory a little better than another, so each row is measured in
 * several generations of processes. Garbage collection and compilation are included.
 *
 * Fails above a limit, which lies far above the targets: it finds code that has become much slower, on any machine and
 * beside any other work. Rows of one call or one stream at a time have no limit, since V8 runs the same code of theirs
 * at two speeds, from one process to the next. `--generations 1 --blocks 8` is a short run, `--only Gemini` measures some rows, `--parts` measures the
 * parts of a chunk's time, `--results` writes a section of `bench/RESULTS.md`. Needs only a build.
 */
const ROWS = [
  whole("64 at once", { count: 1200, parallel: 64 }),
  whole("one at a time", { count: 400, parallel: 1 }),
  chunk("OpenAI's, 1 stream", { count: 1, parallel: 1, chunks: 400, perRead: 1, pace: 1 }),
  chunk("OpenAI's, 64 streams", { chunks: 200, perRead: 1 }),
  chunk("OpenAI's, 64 streams", {}),
  chunk("Anthropic's, 64 streams", { dialect: "anthropic" }),
  chunk("Gemini's, 64 streams", { dialect: "gemini" }),
];

/** A row of whole answers, of so many calls, `parallel` at a time. */
function whole(how, task) {
  return {
    what: `a whole answer, ${how}`,
    task: { task: "unary", dialect: "openai", ...task },
    target: 1.15,
  };
}

/** A row of streamed chunks. Default: 64 streams of 400 chunks, 4 in each read, a read every 2 ms. */
function chunk(how, given) {
  const task = {
    task: "stream",
    count: 64,
    parallel: 64,
    chunks: 400,
    perRead: 4,
    pace: 2,
    dialect: "openai",
    ...given,
  };
  const what = `a chunk of ${how}, ${task.perRead} chunk${task.perRead === 1 ? "" : "s"} a read`;
  return { what, task, target: 1.2 };
}

/** Clients that are compared with the floor, with the titles of their columns. */
const CLIENTS = { "ai-lib": "bare provider", "ai-lib-stack": "full stack" };
/** Clients that do a part of the work each. */
const PARTS = {
  "floor-iterated": "floor, read with `for await`",
  "ai-lib-unread": "bare provider, events not read",
  "ai-lib": "bare provider, read with `for await`",
  "ai-lib-stack": "full stack, read with `for await`",
};
const parts = process.argv.includes("--parts");
const clients = parts ? PARTS : CLIENTS;
const names = ["floor", ...Object.keys(clients)];
const title = parts ? "Where the time of a chunk goes" : "Beside node:http alone";
const generations = Number(argument("--generations") ?? 3);
const blocks = Number(argument("--blocks") ?? 8);
const only = argument("--only");
/** Blocks of each generation that only warm up. */
const WARM_UPS = 4;
/** The greatest ratio of a row of many calls or streams at a time. */
const LIMIT = 2;
/** Further measurements of what is above the limit. */
const REPEATS = 2;

if (!existsSync(new URL("../packages/ai-lib/dist/index.js", import.meta.url)))
  throw new Error("Nothing is built: run `npm run build` first");

const rows = ROWS.filter(({ task }) => (parts ? task.parallel > 1 && task.task === "stream" : true))
  .filter(({ what }) => only === undefined || what.includes(only))
  .map((row) => ({
    ...row,
    floor: [],
    ratios: new Map(names.slice(1).map((name) => [name, []])),
    collected: new Map(names.map((name) => [name, []])),
  }));
const server = await upstream();
let failures;
try {
  for (let generation = 0; generation < generations; generation++) await measure(rows);
  const section = report();
  console.log(section);
  if (process.argv.includes("--results")) writeSection(title, section);
  failures = aboveLimit(rows);
  // A machine may be busy with something else for a while: what is really slower is above it each time.
  for (let again = 0; again < REPEATS && failures.length > 0; again++) {
    console.log(`Measured again, since above the limit: ${failures.map(({ what }) => what).join("; ")}`);
    for (const { ratios } of failures) for (const list of ratios.values()) list.length = 0;
    await measure(failures);
    failures = aboveLimit(failures);
  }
} finally {
  server.stop();
}
for (const { what } of failures) console.error(`${what}: above the limit of ${LIMIT}`);
process.exitCode = failures.length === 0 ? 0 : 1;

function aboveLimit(measured) {
  return measured.filter(
    ({ task, ratios }) => task.parallel > 1 && quantile(ratios.get("ai-lib-stack"), 0.5) > LIMIT,
  );
}

function argument(name) {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

/**
 * Runs one generation: a process for each client, all rows. The order changes with each round, so that no client is
 * always first.
 */
async function measure(rows) {
  const workers = await Promise.all(names.map((name) => start(name, server.url)));
  try {
    for (const row of rows) {
      for (let round = -WARM_UPS; round < blocks; round++) {
        const costs = new Map();
        for (let i = 0; i < names.length; i++) {
          const at = (i + round + WARM_UPS) % names.length;
          // Watching the garbage collector takes a little time itself.
          const cost = await workers[at].ask(parts ? { ...row.task, measure: "collector" } : row.task);
          costs.set(names[at], parts ? cost : { cpu: cost, collector: 0 });
        }
        if (round >= 0) add(row, costs);
      }
    }
  } finally {
    for (const worker of workers) worker.stop();
  }
}

function add({ floor, ratios, collected }, costs) {
  const base = costs.get("floor").cpu;
  floor.push(base);
  for (const [name, values] of ratios) values.push(costs.get(name).cpu / base);
  for (const [name, values] of collected) values.push(costs.get(name).collector / base);
}

function report() {
  const how = `the median of ${generations * blocks} pairs of neighbouring blocks, with the quartiles, from ${generations} generations of processes`;
  const machine = `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown"}`;
  const command = `npm run build && node bench/guard.mjs ${parts ? "--parts " : ""}--results`;
  const head = ["work", "floor, us CPU", ...Object.values(clients)];
  if (parts) head.push("collector: floor", "bare provider", "full stack");
  else head.push("asked of the full stack");
  const lines = rows.map(({ what, floor, ratios, collected, target }) => [
    what,
    quantile(floor, 0.5).toFixed(1),
    ...[...ratios.values()].map(spread),
    ...(parts ? ["floor", "ai-lib", "ai-lib-stack"].map((name) => middle(collected.get(name))) : [target]),
  ]);
  return `### ${title}

Written by \`${command}\`. CPU time, garbage collection included, by that of the floor (\`node:http\` and \`JSON.parse\`): ${how}.${
    parts
      ? " Each column does more than the one before; the pauses of the garbage collector are part of it, and are given alone as well, by the time of the floor."
      : " The full stack is a client with failover over two members, retry, timeouts, a circuit breaker and an observer."
  } ${machine}.

| ${head.join(" | ")} |
|---|${head
    .slice(1)
    .map(() => "--:")
    .join("|")}|
${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}`;
}

function spread(values) {
  const [low, high] = [0.25, 0.75].map((at) => quantile(values, at).toFixed(2));
  return `${middle(values)} (${low} to ${high})`;
}

function middle(values) {
  return quantile(values, 0.5).toFixed(2);
}
