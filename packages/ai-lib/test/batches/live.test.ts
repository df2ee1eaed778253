import { describe, expect, it } from "vitest";
import { choose } from "../../src/batches/choose.js";
import { memoryBatches } from "../../src/batches/index.js";
import type { BatchResult } from "../../src/core/contract/batch-job.js";
import type { ChatProvider } from "../../src/core/contract/provider.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { AiClient, defineChatProvider, failover, provider } from "../../src/index.js";
import { VirtualClock } from "../../src/testing/index.js";

async function all(results: AsyncIterable<BatchResult>): Promise<BatchResult[]> {
  const found: BatchResult[] = [];
  for await (const result of results) found.push(result);
  return found.sort((a, b) => a.index - b.index);
}

const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ request: `Question ${i}` }));

describe("the live executor", () => {
  it("calls the rows through the client, some at a time, and gives each result as it arrives", async () => {
    const client = new AiClient(
      echo((text) => text),
      { batches: { store: memoryBatches() } },
    );
    const job = await client.batchJobs.submit(rows(20), { executor: "live" });
    expect([job.state, job.parts[0]?.executor, job.parts[0]?.why]).toEqual([
      "pending",
      "live",
      "live calls were requested",
    ]);
    const results = await all(client.batchJobs.results(job.id, { concurrency: 3 }));
    expect(results.map(({ index, outcome }) => [index, outcome])).toEqual(
      rows(20).map((_, i) => [i, "succeeded"]),
    );
    const done = await client.batchJobs.get(job.id);
    expect([done.state, done.counts.succeeded]).toEqual(["done", 20]);
  });

  it("calls again only what was under way when its reader left", async () => {
    const asked: string[] = [];
    const member = echo((text) => {
      asked.push(text);
      return text;
    });
    const client = new AiClient(member, { batches: { store: memoryBatches() } });
    const job = await client.batchJobs.submit(rows(10), { executor: "live" });
    let read = 0;
    for await (const _ of client.batchJobs.results(job.id, { concurrency: 1 })) if (++read === 4) break;
    expect(asked.length).toBeLessThan(10);
    const results = await all(client.batchJobs.results(job.id, { concurrency: 1 }));
    expect(results).toHaveLength(10);
    expect(asked.length).toBeLessThanOrEqual(11);
  });

  it("pauses all calls for a rate limit, and tries the row again", async () => {
    const clock = new VirtualClock(1_000_000);
    let limited = 2;
    const times: number[] = [];
    const member = echo((text) => {
      times.push(clock.now());
      if (limited-- > 0)
        throw new AiLibError({ code: "RATE_LIMIT", message: "slow down", retryAt: clock.now() + 60_000 });
      return text;
    });
    const client = new AiClient(member, { clock, batches: { store: memoryBatches() } });
    const job = await client.batchJobs.submit(rows(3), { executor: "live" });
    const done = all(client.batchJobs.results(job.id, { concurrency: 1 }));
    for (let i = 0; i < 200; i++) await clock.advance(1_000);
    expect((await done).map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  it("cancels the rows that were not called", async () => {
    const client: AiClient = new AiClient(
      echo((text) => {
        if (text === "Question 2") void client.batchJobs.cancel(id);
        return text;
      }),
      { batches: { store: memoryBatches() } },
    );
    const { id } = await client.batchJobs.submit(rows(50), { executor: "live" });
    const results = await all(client.batchJobs.results(id, { concurrency: 1 }));
    expect(results).toHaveLength(50);
    expect(results.at(-1)?.outcome).toBe("cancelled");
    expect((await client.batchJobs.get(id)).state).toBe("cancelled");
  });
});

/** A provider that answers with what a function makes of the question. */
function echo(answer: (text: string) => string): ChatProvider {
  return defineChatProvider({ name: "labs", chat: ({ messages }) => answer(String(messages[0]?.content)) });
}

describe("who answers", () => {
  const price = (input: number) => ({
    models: { m: { price: { input, output: input } } },
    model: "m",
    apiKey: "k",
  });
  const candidate = (id: "openai" | "anthropic" | "groq" | "deepseek", input: number) => {
    const leaf = provider(id, price(input));
    return { provider: leaf, id, model: "m", batches: leaf.batches };
  };
  const wish = { kind: "chat", executor: "auto", hours: 24, webhook: undefined } as const;

  it("is the cheapest vendor whose window fits, and the choice says why", () => {
    const chosen = choose([candidate("openai", 4), candidate("anthropic", 2)], wish);
    expect([chosen.id, chosen.executor, chosen.why]).toEqual([
      "anthropic",
      "batch",
      "a batch of anthropic answers within 24 hours (needed within 24), at 50 % of the list price, the cheapest of 2",
    ]);
  });

  it("is a live call if a provider's list price is below the price of every batch", () => {
    const chosen = choose([candidate("openai", 4), candidate("deepseek", 1)], wish);
    expect([chosen.id, chosen.executor, chosen.preferred, chosen.why]).toEqual([
      "deepseek",
      "live",
      true,
      "live calls of deepseek cost 2 US dollars for a million tokens each way, and a batch of openai 4",
    ]);
    expect(choose([candidate("openai", 4), candidate("deepseek", 3)], wish).executor).toBe("batch");
    // A batch that was asked for is one, and a price that is not known decides nothing.
    expect(
      choose([candidate("openai", 4), candidate("deepseek", 1)], { ...wish, executor: "batch" }).id,
    ).toBe("openai");
    const unknown = provider("openai", { apiKey: "k", model: "m" });
    const free = { provider: unknown, id: "openai", model: "m", batches: unknown.batches };
    expect(choose([free, candidate("deepseek", 1)], wish).executor).toBe("batch");
  });

  it("calls the cheaper provider first, and the others where it fails for a while", async () => {
    const asked: string[] = [];
    const member = (name: string, price: number, answer: () => string): ChatProvider =>
      defineChatProvider({
        name,
        facts: { price: { input: price, output: price } },
        chat() {
          asked.push(name);
          return answer();
        },
      });
    const dear = provider("openai", price(4));
    const limited = () => {
      throw new AiLibError({ code: "OVERLOADED", message: "busy" });
    };
    let times = 0;
    const cheap = member("cheap", 1, () => (times++ === 0 ? limited() : "cheap"));
    const client = new AiClient(failover([member("first", 9, () => "first"), dear, cheap]), {
      batches: { store: memoryBatches() },
    });
    const job = await client.batchJobs.submit(rows(2), { executor: "auto" });
    expect(job.parts).toMatchObject([{ executor: "live", provider: "cheap" }]);
    const results = await all(client.batchJobs.results(job.id, { concurrency: 1, maxRepeats: 0 }));
    expect(results.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded"]);
    expect(asked).toEqual(["cheap", "first", "cheap"]);
  });

  it("asks for the longest window that fits", () => {
    expect(choose([candidate("groq", 1)], { ...wish, hours: 100 }).windowHours).toBe(96);
  });

  it("is a live call where time is short or the vendor has no batches, and batches alone refuse that", () => {
    const soon = choose([candidate("openai", 4)], { ...wish, hours: 2 });
    expect([soon.executor, soon.why]).toEqual([
      "live",
      "batches of openai may take 24 hours, and results are needed in 2",
    ]);
    expect(choose([candidate("deepseek", 1)], wish).why).toBe("deepseek has no batches");
    expect(() => choose([candidate("deepseek", 1)], { ...wish, executor: "batch" })).toThrow(
      "No vendor takes these rows as a batch: deepseek has no batches",
    );
    expect(() => choose([candidate("openai", 1)], { ...wish, webhook: "https://example.com" })).toThrow(
      "takes no webhook with a batch",
    );
  });
});
