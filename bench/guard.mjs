import { existsSync } from "node:fs";
import { start, upstream } from "./processes.mjs";

/**
 * `npm run bench:guard`: fails where ai-lib has become much dearer than the floor. CPU time of the client processes,
 * interleaved, the least of several rounds: what else a machine does makes a round dearer and never cheaper. The
 * limits leave half again as much as was measured when they were set, so that they catch a regression of half or
 * more and nothing less. Needs nothing but a build: the other clients are not measured here.
 */
const LIMITS = [
  {
    what: "a unary call, one at a time",
    task: { task: "unary", count: 600, parallel: 1, dialect: "openai" },
    limits: { "ai-lib": 1.5, "ai-lib-stack": 1.6 },
  },
  {
    what: "a unary call, 64 at once",
    task: { task: "unary", count: 1000, parallel: 64, dialect: "openai" },
    limits: { "ai-lib": 1.6, "ai-lib-stack": 1.65 },
  },
  {
    what: "a streamed chunk, 64 streams, 4 chunks per read",
    task: { task: "stream", count: 64, parallel: 64, chunks: 600, perRead: 4, pace: 2, dialect: "openai" },
    limits: { "ai-lib": 1.55, "ai-lib-stack": 1.6 },
  },
];
const NAMES = ["floor", "ai-lib", "ai-lib-stack"];
const WARM_UPS = 3;
const ROUNDS = 6;
/** A machine may be so busy for a while that a whole series is no measure; a regression stays. */
const SERIES = 3;

if (!existsSync(new URL("../packages/ai-lib/dist/index.js", import.meta.url)))
  throw new Error("Nothing is built: run `npm run build` first");

const server = await upstream();
const workers = await Promise.all(NAMES.map((name) => start(name, server.url)));
let failures = [];
try {
  for (let series = 0; series < SERIES; series++) {
    failures = await measure(series === 0 ? WARM_UPS : 0);
    if (failures.length === 0) break;
  }
} finally {
  for (const worker of workers) worker.stop();
  server.stop();
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;

async function measure(warmUps) {
  const failed = [];
  for (const { what, task, limits } of LIMITS) {
    const least = new Map();
    for (let round = -warmUps; round < ROUNDS; round++) {
      for (let i = 0; i < NAMES.length; i++) {
        const at = (i + round + warmUps) % NAMES.length;
        const cost = await workers[at].ask(task);
        if (round >= 0)
          least.set(NAMES[at], Math.min(cost, least.get(NAMES[at]) ?? Number.POSITIVE_INFINITY));
      }
    }
    for (const [name, limit] of Object.entries(limits)) {
      const ratio = least.get(name) / least.get("floor");
      const line = `${what}: ${name} takes ${ratio.toFixed(2)} times the floor (limit ${limit})`;
      console.log(line);
      if (ratio > limit) failed.push(line);
    }
  }
  return failed;
}
