import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ChatProvider } from "../../src/core/contract/provider.js";
import { defineProvider } from "../../src/providers/endpoint/define.js";
import { type Simulator, startSimulator } from "../../src/testing/simulator.js";
import { nodeTransport } from "../../src/wire/transport-node.js";
import { errorOf, request } from "../support/calls.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const STREAMS = 25_000;
const AT_ONCE = 16;
const MEGABYTE = 1024 * 1024;

const transport = nodeTransport();
let simulator: Simulator;
let talking: ChatProvider;
let silent: ChatProvider;
beforeAll(async () => {
  simulator = await startSimulator();
  const at = (endpoint: string) =>
    defineProvider(
      { id: "sim", dialect: "openai-chat", baseUrl: `${simulator.baseUrl(endpoint)}/v1`, model: "m" },
      { apiKey: "k", transport },
    );
  talking = at("talking");
  silent = at("silent");
  simulator.always("silent", { silent: 3 });
});
afterAll(() => simulator.close());

/** One signal for all calls, as a server's shutdown signal is. */
const { signal } = new AbortController();

/** The four ways in which a stream ends. */
const endings: readonly (() => Promise<void>)[] = [
  async function finished() {
    expect((await talking.stream(request, { signal }).response()).text).toContain("Hello");
  },
  async function left() {
    for await (const event of silent.stream(request, { signal })) if (event.type === "text-delta") break;
  },
  async function aborted() {
    const abort = new AbortController();
    const either = AbortSignal.any([signal, abort.signal]);
    const call = async () => {
      for await (const event of silent.stream(request, { signal: either }))
        if (event.type === "text-delta") abort.abort();
    };
    expect((await errorOf(call())).code).toBe("CANCELLED");
  },
  async function timedOut() {
    const stream = silent.stream(request, { signal, timeouts: { idleMs: 5 } });
    expect((await errorOf(stream.response())).code).toBe("TIMEOUT");
  },
];

async function run(streams: number): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < streams) {
      await endings[next++ % endings.length]?.();
      // What the simulator remembers is not the library's.
      simulator.attempts.length = 0;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Waits for what closes a moment later: sockets that the other side has yet to see closed. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 500 && !holds(); turns++)
    await new Promise((resolve) => setTimeout(resolve, 4));
}

function heap(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

function running(kind: string): number {
  return process.getActiveResourcesInfo().filter((one) => one === kind).length;
}

it(`leaves nothing behind after ${STREAMS} streams: finished, left, aborted and timed out in turn`, async () => {
  await run(2_000);
  await eventually(() => simulator.connections <= AT_ONCE);
  const timers = running("Timeout");
  const before = heap();
  await run(STREAMS);
  await eventually(() => simulator.connections <= AT_ONCE);
  const grown = heap() - before;
  expect(grown).toBeLessThan(MEGABYTE);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  expect(running("Timeout")).toBeLessThanOrEqual(timers);
  // Those that finished keep their connection for the next call; nothing else may be open.
  expect(simulator.connections).toBeLessThanOrEqual(AT_ONCE);
  await talking.close?.();
  await eventually(() => simulator.connections === 0);
  expect(simulator.connections).toBe(0);
}, 120_000);
