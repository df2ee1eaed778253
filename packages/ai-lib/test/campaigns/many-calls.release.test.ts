import { getEventListeners } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import type { CallOptions, MidStream } from "../../src/core/contract/call.js";
import type { ChatProvider } from "../../src/core/contract/provider.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { defineProvider } from "../../src/providers/endpoint/define.js";
import { circuitBreaker, consecutiveFailures, retry } from "../../src/resilience/index.js";
import { failover, hedged } from "../../src/strategies/index.js";
import type { Fault } from "../../src/testing/fault.js";
import { seededRandom } from "../../src/testing/random.js";
import { SeededRandom } from "../../src/testing/simulation/seeded-random.js";
import { type Simulator, startSimulator } from "../../src/testing/simulator.js";
import { nodeTransport } from "../../src/wire/transport-node.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Streams, and as many calls. `npm run many-calls -- 20000` runs more than the release lane does. */
const CALLS = Number(process.env["MANY_CALLS"] ?? 1_500);
const WARM_UP = Math.min(2_000, CALLS);
const AT_ONCE = 24;
const MEGABYTE = 1024 * 1024;

const DIALECTS = ["openai-chat", "anthropic-messages", "gemini"] as const;

/** What attempts do, each as often as any other. */
const FAULTS: readonly (Fault | undefined)[] = [
  ...Array<undefined>(16).fill(undefined),
  { status: 429 },
  { status: 429, headers: { "retry-after": "1" } },
  { status: 500 },
  { status: 503, closes: true },
  { status: 500, oversize: 256 * 1024 },
  { reset: "head" },
  { reset: 2 },
  { silent: "head" },
  { silent: 0 },
  { silent: 3 },
  { cut: 3 },
  { headDelayMs: 10 },
  { firstFrameDelayMs: 10 },
  { frameDelayMs: 1 },
  { inBand: { after: 2, error: { code: "OVERLOADED", message: "busy" } } },
  { malformed: 2 },
  { noTerminator: true },
  { comments: { after: 2, everyMs: 5 } },
  { dribble: { bytes: 60, everyMs: 1 } },
  { lingers: true },
  { closes: true },
  { id: "the-same" },
  { body: "<html>no</html>" },
];

const TIMEOUTS = {
  headMs: 400,
  firstContentMs: 800,
  answerMs: 800,
  idleMs: 200,
  stallMs: 250,
  streamMs: 2_000,
  totalMs: 4_000,
} as const;

const request = { messages: [{ role: "user" as const, content: "Tell me a story. ".repeat(6) }] };
const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One signal for all calls, as a server's shutdown signal is. */
const shutdown = new AbortController();

class Campaign {
  readonly endings = new Map<string, number>();
  private readonly random = new SeededRandom(seededRandom(7));
  private readonly client: ChatProvider;

  constructor(private readonly simulator: Simulator) {
    const transport = nodeTransport({ proxy: false });
    const members: ChatProvider[] = DIALECTS.map((dialect, i) => {
      const endpoint = `p${i}`;
      const leaf = defineProvider(
        { id: endpoint, dialect, baseUrl: simulator.baseUrl(endpoint, dialect), model: "m" },
        { apiKey: "k", transport, models: { m: { prefill: true } } },
      );
      const times = { rateLimitMs: 5, cooldownMs: 5, maxCooldownMs: 5 };
      return retry(
        circuitBreaker(leaf, {
          // Cooldowns alone: while most calls fail, circuits would stay open and nothing would be asked.
          rules: [consecutiveFailures(1_000_000)],
          cooldown: times,
        }),
        {
          baseMs: 2,
          capMs: 5,
        },
      );
    });
    const [first, second, third] = members as [ChatProvider, ChatProvider, ChatProvider];
    this.client = failover([hedged([first, second], { afterMs: 60 }), third]);
    for (let i = 0; i < DIALECTS.length; i++) simulator.cycle(`p${i}`, this.shuffled());
  }

  async run(calls: number): Promise<void> {
    let next = 0;
    const worker = async () => {
      while (next < 2 * calls) {
        const stream = next++ % 2 === 0;
        const ending = await this.play(stream).then(
          (word) => word,
          (error: unknown) => (AiLibError.is(error) ? error.code : `not of the library: ${String(error)}`),
        );
        this.endings.set(ending, (this.endings.get(ending) ?? 0) + 1);
        // A call that asks nobody takes no time: without a pause all of them would meet the same open circuits.
        if (ending === "CIRCUIT_OPEN") await pass(10);
        // What the simulator remembers is not the library's.
        this.simulator.forget();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  close(): Promise<void> | undefined {
    return this.client.close?.();
  }

  private async play(streams: boolean): Promise<string> {
    const { random } = this;
    const abort = random.chance(0.2) ? new AbortController() : undefined;
    const timer = abort === undefined ? undefined : setTimeout(() => abort.abort(), random.whole(0, 150));
    const { signal } = shutdown;
    const options: CallOptions = {
      signal: abort === undefined ? signal : AbortSignal.any([signal, abort.signal]),
      timeouts: TIMEOUTS,
      midStream: random.pick<MidStream>(["fail", "restart", "splice", "continue"]),
    };
    const leaves = random.chance(0.15) ? random.whole(1, 6) : Number.POSITIVE_INFINITY;
    const slow = random.chance(0.15) ? random.whole(1, 4) : 0;
    try {
      if (!streams) {
        await this.client.chat(request, options);
        return "answered";
      }
      let events = 0;
      for await (const _event of this.client.stream(request, options)) {
        if (++events >= leaves) return "left";
        if (slow > 0) await pass(slow);
      }
      return "streamed";
    } finally {
      clearTimeout(timer);
    }
  }

  private shuffled(): (Fault | undefined)[] {
    const left = [...FAULTS];
    const order: (Fault | undefined)[] = [];
    while (left.length > 0) order.push(...left.splice(this.random.whole(0, left.length - 1), 1));
    return order;
  }
}

/** Waits for what closes a moment later. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 1_000 && !holds(); turns++) await pass(5);
}

function heap(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

function running(kind: string): number {
  return process.getActiveResourcesInfo().filter((one) => one === kind).length;
}

/** Open files and sockets of this process; 0 where the system does not list them. */
function descriptors(): number {
  return existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0;
}

it(`leaves nothing behind after ${CALLS} streams and ${CALLS} calls with faults, aborts and slow readers`, async () => {
  const simulator = await startSimulator();
  const before = { timers: running("Timeout"), descriptors: descriptors() };
  const campaign = new Campaign(simulator);
  await campaign.run(WARM_UP);
  await eventually(() => simulator.connections <= AT_ONCE);
  const heapBefore = heap();
  await campaign.run(CALLS);
  await campaign.close();
  await eventually(() => simulator.connections === 0);
  const grown = heap() - heapBefore;
  const rare = ["answered", "streamed", "left", "CANCELLED"].filter(
    (word) => (campaign.endings.get(word) ?? 0) < 30,
  );
  const odd = [...campaign.endings.keys()].filter((word) => word.startsWith("not of"));
  console.log(Object.fromEntries(campaign.endings), { grownBytes: grown });
  expect({ rare, odd }).toEqual({ rare: [], odd: [] });
  expect(simulator.connections).toBe(0);
  expect(getEventListeners(shutdown.signal, "abort")).toHaveLength(0);
  await eventually(() => running("Timeout") <= before.timers && descriptors() <= before.descriptors);
  expect(running("Timeout")).toBeLessThanOrEqual(before.timers);
  expect(descriptors()).toBeLessThanOrEqual(before.descriptors);
  expect(grown).toBeLessThan(4 * MEGABYTE);
  await simulator.close();
}, 1_800_000);
