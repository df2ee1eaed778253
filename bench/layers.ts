/**
 * The cost of strategies and wrappers: the time that ten nested layers add to each streamed event and to each call, in
 * memory, compared with the same leaf alone. Run it with `npm run bench:layers`. It fails above the limits below.
 */

import type { Call } from "../packages/ai-lib/src/core/contract/call.js";
import type { ChatProvider } from "../packages/ai-lib/src/core/contract/provider.js";
import type { Flow, Sink } from "../packages/ai-lib/src/core/contract/sink.js";
import type { AttemptRun } from "../packages/ai-lib/src/core/run/attempt.js";
import { OpenProvider } from "../packages/ai-lib/src/core/run/compose.js";
import { openAttempt } from "../packages/ai-lib/src/core/run/open-attempt.js";
import type { ChatEvent } from "../packages/ai-lib/src/core/values/chat-event.js";
import {
  circuitBreaker,
  concurrencyLimit,
  rateLimit,
  retry,
  timeout,
} from "../packages/ai-lib/src/resilience/index.js";
import { failover, hedged, keys, leastLatency, roundRobin } from "../packages/ai-lib/src/strategies/index.js";

/** The most microseconds that ten layers may add. */
const LIMITS = { event: 0.3, call: 30 };

/** Rounds of each measurement. The best one counts, since other work on the machine only adds to the time. */
const ROUNDS = 30;

const start: ChatEvent = { type: "part-start", index: 0, part: { type: "text" } };
const delta: ChatEvent = { type: "text-delta", index: 0, text: "word " };
const usage = { inputTokens: 10, outputTokens: 10 };

/** Answers immediately with a given number of deltas, as fast as they are read. */
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

  open(call: Call, sink: Sink): Flow {
    return openAttempt(
      { target: this.target, provider: this },
      call,
      sink,
      (run) => new Source(run as unknown as AttemptRun, this.deltas),
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

/** Ten layers that all do work: five strategies that choose, five wrappers that observe. */
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
  if (seen === 0) throw new Error("no content arrived");
}

/** Microseconds per unit of work, for each of several pieces of work in turn. */
async function measure(units: number, works: readonly (() => Promise<void>)[]): Promise<number[]> {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (const work of works) await work();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, work] of works.entries()) {
      const from = process.hrtime.bigint();
      await work();
      best[i] = Math.min(best[i] as number, Number(process.hrtime.bigint() - from) / 1_000 / units);
    }
  }
  return best;
}

async function perEvent(makes: readonly ((deltas: number) => ChatProvider)[]): Promise<number[]> {
  const deltas = 20_000;
  const providers = makes.map((make) => make(deltas));
  return measure(
    deltas,
    providers.map((provider) => () => stream(provider)),
  );
}

async function perCall(makes: readonly ((deltas: number) => ChatProvider)[]): Promise<number[]> {
  const calls = 1_000;
  const providers = makes.map((make) => make(1));
  return measure(
    calls,
    providers.map((provider) => async () => {
      for (let i = 0; i < calls; i++) await stream(provider);
    }),
  );
}

const bare = (deltas: number) => new Leaf("bare", deltas);
const rows: [what: string, costs: number[], limit: number][] = [
  ["a streamed event", await perEvent([bare, nest]), LIMITS.event],
  ["a call", await perCall([bare, nest]), LIMITS.call],
];

console.log(`Node ${process.version}, ${process.arch}; microseconds, best of ${ROUNDS} rounds`);
let failed = false;
for (const [what, [alone = 0, nested = 0], limit] of rows) {
  const added = nested - alone;
  failed ||= added > limit;
  console.log(
    `${what}: alone ${alone.toFixed(3)}, under ten layers ${nested.toFixed(3)}, added ${added.toFixed(3)} (limit ${limit})`,
  );
}
process.exitCode = failed ? 1 : 0;
