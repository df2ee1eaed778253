/**
 * What strategies and wrappers cost: the time that a nest of ten layers adds to each streamed event and to each
 * call, in memory, against the same leaf alone. Run with `npm run bench:layers`; fails beyond the limits below.
 */
import { type AttemptRun, openAttempt } from "../src/core/attempt.js";
import type { Call } from "../src/core/call.js";
import { OpenProvider } from "../src/core/compose.js";
import type { ChatEvent } from "../src/core/event.js";
import type { ChatProvider } from "../src/core/provider.js";
import type { EventSink, Flow } from "../src/core/sink.js";
import { circuitBreaker, concurrencyLimit, rateLimit, retry, timeout } from "../src/resilience/index.js";
import { failover, hedged, keys, leastLatency, roundRobin } from "../src/strategies/index.js";

/** Microseconds that ten layers may add. */
const LIMITS = { event: 0.3, call: 30 };

/** Rounds of each measurement; the median counts. */
const ROUNDS = 15;

const start: ChatEvent = { type: "part-start", index: 0, part: { type: "text" } };
const delta: ChatEvent = { type: "text-delta", index: 0, text: "word " };
const usage = { inputTokens: 10, outputTokens: 10 };

/** Answers at once with so many deltas, as fast as they are taken. */
class Leaf extends OpenProvider {
  readonly name: string;
  readonly target: { provider: string; key: string };

  constructor(
    key: string,
    private readonly deltas: number,
  ) {
    super();
    this.name = key;
    this.target = { provider: "leaf", key };
  }

  open(call: Call, sink: EventSink): Flow {
    return openAttempt(
      { target: this.target, provider: this },
      call,
      sink,
      (run) => new Source(run, this.deltas),
    );
  }
}

class Source implements Flow {
  private paused = false;
  private over = false;

  constructor(
    private readonly run: AttemptRun,
    private left: number,
  ) {
    queueMicrotask(() => {
      this.run.event(start);
      this.play();
    });
  }

  private play(): void {
    while (!this.over && !this.paused && this.left > 0) {
      this.left--;
      this.run.event(delta);
    }
    if (this.over || this.paused) return;
    this.over = true;
    this.run.finish({ finishReason: "stop", usage });
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    queueMicrotask(() => this.play());
  }

  abort(): undefined {
    this.over = true;
  }
}

/** Ten layers, each of them at work: five strategies that choose, five wrappers that watch. */
function nest(deltas: number): ChatProvider {
  const leaf = (key: string) => new Leaf(key, deltas);
  const inner = keys([leaf("a"), leaf("b")]);
  const guarded = concurrencyLimit(rateLimit(circuitBreaker(inner), { tokensPerMinute: 1e12 }), {
    limit: 1_000,
  });
  const spread = roundRobin([guarded, leaf("c")], { name: "spread" });
  const fast = leastLatency([spread, { provider: leaf("d"), weight: 1 }], { explore: 0 });
  const raced = hedged([fast, leaf("e")], { afterMs: 60_000 });
  return failover([retry(timeout(raced, { totalMs: 60_000 })), leaf("f")]);
}

async function stream(provider: ChatProvider): Promise<void> {
  let seen = 0;
  for await (const event of provider.stream({ messages: [{ role: "user", content: "Hello" }] })) {
    if (event.type === "text-delta") seen++;
  }
  if (seen === 0) throw new Error("no content came");
}

/** Microseconds per unit of work, the median of several rounds. */
async function measure(units: number, work: () => Promise<void>): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.hrtime.bigint();
    await work();
    took.push(Number(process.hrtime.bigint() - from) / 1_000 / units);
  }
  took.sort((a, b) => a - b);
  return took[Math.floor(ROUNDS / 2)] as number;
}

async function perEvent(make: (deltas: number) => ChatProvider): Promise<number> {
  const deltas = 20_000;
  const provider = make(deltas);
  await stream(provider);
  return measure(deltas, () => stream(provider));
}

async function perCall(make: (deltas: number) => ChatProvider): Promise<number> {
  const calls = 2_000;
  const provider = make(1);
  const work = async () => {
    for (let i = 0; i < calls; i++) await stream(provider);
  };
  await work();
  return measure(calls, work);
}

const bare = (deltas: number) => new Leaf("bare", deltas);
const rows: [what: string, alone: number, nested: number, limit: number][] = [
  ["a streamed event", await perEvent(bare), await perEvent(nest), LIMITS.event],
  ["a call", await perCall(bare), await perCall(nest), LIMITS.call],
];

console.log(`Node ${process.version}, ${process.arch}; microseconds, median of ${ROUNDS} rounds`);
let failed = false;
for (const [what, alone, nested, limit] of rows) {
  const added = nested - alone;
  failed ||= added > limit;
  console.log(
    `${what}: alone ${alone.toFixed(3)}, under ten layers ${nested.toFixed(3)}, added ${added.toFixed(3)} (limit ${limit})`,
  );
}
process.exitCode = failed ? 1 : 0;
