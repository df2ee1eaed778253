import { getEventListeners } from "node:events";
import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AiLibError } from "../../src/core/errors/error.js";
import {
  AiClient,
  circuitBreaker,
  concurrencyLimit,
  defineProvider,
  failover,
  hedged,
  retry,
} from "../../src/index.js";
import type { Fault } from "../../src/testing/fault.js";
import { type Simulator, startSimulator } from "../../src/testing/simulator.js";
import { nodeTransport } from "../../src/wire/transport-node.js";
import { Draw } from "./mutate.js";

/*
 * Calls and streams over real sockets, with random faults of the server and readers that leave, are slow, abort or read
 * nothing. Afterwards the process must be as it was before: heap, sockets, timers, listeners and descriptors.
 */

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Seconds, and the seed: `npm run soak` takes longer and draws other calls. */
const SECONDS = Number(process.env["AI_LIB_SOAK_SECONDS"] ?? 45);
const SEED = Number(process.env["AI_LIB_SOAK_SEED"] ?? 1);
const AT_ONCE = 32;
const MEGABYTE = 1024 * 1024;

const FAULTS: readonly (Fault | undefined)[] = [
  undefined,
  undefined,
  undefined,
  { status: 500 },
  { status: 429, headers: { "retry-after": "0" } },
  { status: 401 },
  { reset: "head" },
  { reset: 2 },
  { cut: 2 },
  { malformed: 1 },
  { inBand: { after: 1, error: { code: "OVERLOADED", message: "busy" } } },
  { noTerminator: true },
  { silent: 2 },
  { silent: "head" },
  { dribble: { bytes: 7, everyMs: 1 } },
  { lingers: true },
  { closes: true },
  { body: "<html>no</html>", status: 502 },
  { oversize: 200_000 },
];

const draw = new Draw(SEED);
const transport = nodeTransport();
const shared = new AbortController();
const lag = monitorEventLoopDelay({ resolution: 10 });
let simulator: Simulator;
let clients: readonly AiClient[];
const outcomes: Record<string, number> = {};

beforeAll(async () => {
  simulator = await startSimulator();
  const leaf = (endpoint: string) => {
    const baseUrl = `${simulator.baseUrl(endpoint)}/v1`;
    return defineProvider(
      { id: endpoint, dialect: "openai-chat", baseUrl, model: "m" },
      { apiKey: "k", transport },
    );
  };
  const guarded = circuitBreaker(
    retry(concurrencyLimit(leaf("b"), { limit: 16, maxQueue: 1_000 }), { baseMs: 1, maxRetries: 1 }),
    { coolDownMs: 1, maxCoolDownMs: 5 },
  );
  clients = [
    new AiClient(leaf("a")),
    new AiClient(failover([guarded, leaf("c")])),
    new AiClient(hedged([leaf("d"), leaf("e")], { afterMs: 2 })),
  ];
  for (const endpoint of ["a", "b", "c", "d", "e"])
    simulator.cycle(
      endpoint,
      Array.from({ length: 101 }, () => draw.pick(FAULTS)),
    );
});
afterAll(() => simulator.close());

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One call or stream, read in one of several ways. */
async function one(): Promise<void> {
  const client = draw.pick(clients);
  const abort = new AbortController();
  const signal = draw.below(2) === 0 ? shared.signal : AbortSignal.any([shared.signal, abort.signal]);
  const timeouts = { idleMs: 300, firstContentMs: 500, answerMs: 700, totalMs: 2_000, connectMs: 1_000 };
  const midStream = draw.pick(["fail", "fail", "restart", "splice"] as const);
  const options = { signal, timeouts, midStream };
  const timer = draw.below(4) === 0 ? setTimeout(() => abort.abort(), draw.below(15)) : undefined;
  let way = "unary";
  try {
    if (draw.below(3) === 0) await client.chat("x", options);
    else {
      way = draw.pick(["read", "left", "slow", "response", "lines", "threw", "unread"]);
      await read(client, options, way);
    }
    outcomes[way] = (outcomes[way] ?? 0) + 1;
  } catch (error) {
    const code = AiLibError.is(error) ? error.code : `not ours: ${String(error)}`;
    outcomes[code] = (outcomes[code] ?? 0) + 1;
  } finally {
    clearTimeout(timer);
    // What the simulator remembers is not the library's.
    simulator.attempts.length = 0;
  }
}

async function read(client: AiClient, options: object, way: string): Promise<void> {
  const stream = client.stream("x", options);
  switch (way) {
    case "left":
      for await (const _ of stream) if (draw.below(3) === 0) break;
      return;
    case "slow":
      for await (const _ of stream) if (draw.below(4) === 0) await sleep(draw.below(8));
      return;
    case "response":
      await stream.response();
      return;
    case "lines": {
      const reader = stream.toReadableStream().getReader();
      await reader.read();
      await reader.cancel();
      return;
    }
    case "threw":
      try {
        for await (const _ of stream) throw new RangeError("the reader's own");
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
      return;
    case "unread":
      return;
    default:
      for await (const _ of stream);
  }
}

async function run(ms: number): Promise<number> {
  const end = performance.now() + ms;
  let done = 0;
  const worker = async () => {
    while (performance.now() < end) {
      await one();
      done++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

/** What the process holds, once everything that ends a moment later has ended. */
async function held() {
  await Promise.all(clients.map((client) => client.close()));
  await transport.close?.();
  for (let turns = 0; turns < 200 && simulator.connections > 0; turns++) await sleep(10);
  for (let i = 0; i < 3; i++) {
    await sleep(100);
    collect();
  }
  return {
    heap: process.memoryUsage().heapUsed,
    sockets: simulator.connections,
    timers: process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length,
    listeners: getEventListeners(shared.signal, "abort").length,
    files: process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0,
  };
}

it(
  `holds nothing after ${SECONDS} seconds of calls with faults on both sides`,
  async () => {
    const warnings: string[] = [];
    const note = (warning: Error) => warnings.push(warning.message);
    process.on("warning", note);
    await run((SECONDS * 1_000) / 5);
    const before = await held();
    lag.enable();
    const calls = await run(SECONDS * 1_000);
    lag.disable();
    const after = await held();
    process.off("warning", note);
    console.info(
      `soak: ${calls} calls, worst event-loop lag ${Math.round(lag.max / 1e6)} ms, ` +
        `before ${JSON.stringify(before)}, after ${JSON.stringify(after)}, ${JSON.stringify(outcomes)}, seed ${SEED}`,
    );
    expect(Object.keys(outcomes).filter((outcome) => outcome.startsWith("not ours"))).toEqual([]);
    expect(after.heap - before.heap).toBeLessThan(5 * MEGABYTE);
    expect(after).toMatchObject({ sockets: 0, listeners: before.listeners });
    expect(after.timers).toBeLessThanOrEqual(before.timers + 1);
    expect(after.files).toBeLessThanOrEqual(before.files + 2);
    expect(warnings).toEqual([]);
  },
  SECONDS * 1_500 + 60_000,
);
