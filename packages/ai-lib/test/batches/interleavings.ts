import fc from "fast-check";
import { expect } from "vitest";
import type { BatchResult } from "../../src/core/contract/batch-job.js";
import { BatchWorld, type WireFault, type WorldVendor } from "../support/batch-world.js";

/** What may happen to a batch job, in any order. */
type Happening =
  | { readonly type: "submit" | "refresh" | "cancel" | "stranger" }
  /** A webhook of the vendor: about a batch of the job, or one that nobody knows. */
  | { readonly type: "webhook"; readonly known: boolean; readonly times: number }
  /** The process dies after so many steps of the next happening. */
  | { readonly type: "kill"; readonly steps: number }
  | { readonly type: "fault"; readonly faults: readonly WireFault[] }
  | { readonly type: "wait"; readonly hours: number };

const fault = fc.constantFrom<WireFault>("reset", "lost", 500, 429);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Happening>({ type: "submit" }) },
  { weight: 4, arbitrary: fc.constant<Happening>({ type: "refresh" }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ type: "cancel" }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ type: "stranger" }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("webhook" as const),
      known: fc.boolean(),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("kill" as const), steps: fc.integer({ min: 1, max: 24 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("fault" as const),
      faults: fc.array(fault, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("wait" as const), hours: fc.integer({ min: 0, max: 3 }) }),
  },
);

/** One story of a batch job. */
export const story = fc.record({
  vendor: fc.constantFrom<WorldVendor>("openai", "anthropic", "google", "mistral"),
  rows: fc.integer({ min: 1, max: 4 }),
  questions: fc.integer({ min: 0, max: 3 }),
  happenings: fc.array(happening, { maxLength: 12 }),
});

export type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

/** Plays a story, then lets everything go well: each row ends once, and no vendor was sent a row twice. */
export async function playStory({ vendor, rows, questions, happenings }: Story): Promise<void> {
  const world = await BatchWorld.open(vendor);
  world.batches.plan = { questions };
  const items = Array.from({ length: rows }, (_, i) => ({ id: `row ${i}`, request: `Question ${i}` }));
  const submit = { idempotencyKey: "the job" };
  let jobs = world.start();
  let id: string | undefined;
  const find = async (): Promise<string | undefined> => (await jobs.list())[0]?.id;
  let steps: number | undefined;
  for (const each of happenings) {
    if (world.dead || steps !== undefined) {
      await world.kill();
      jobs = world.start(steps);
      steps = undefined;
    }
    id ??= await find();
    switch (each.type) {
      case "submit":
        await world.drive(jobs.submit(items, submit));
        break;
      case "refresh":
        if (id !== undefined) await world.drive(jobs.refresh(id));
        break;
      case "cancel":
        if (id !== undefined) await world.drive(jobs.cancel(id));
        break;
      case "webhook": {
        const batch = each.known ? world.batches.all()[0]?.id : undefined;
        for (let i = 0; i < each.times; i++) jobs.notify(batch ?? "unknown");
        break;
      }
      case "stranger":
        world.batches.create(stranger(rows, world.batches.all().length), rows);
        break;
      case "kill":
        ({ steps } = each);
        break;
      case "fault":
        world.faults.push(...each.faults);
        break;
      case "wait":
        await world.clock.advance(each.hours * 3_600_000);
        break;
      default:
        each satisfies never;
    }
  }
  await world.kill();
  world.faults.length = 0;
  jobs = world.start();
  const ended = await world.drive(jobs.submit(items, submit).then((job) => collect(jobs.results(job.id))));
  if (ended === undefined || "error" in ended) throw ended?.error ?? new Error("It did not end");
  expect(ended.value.map((result) => result.id).sort()).toEqual(items.map((item) => item.id));
  const job = (await jobs.list())[0];
  expect([job?.counts.open, job?.progress]).toEqual([0, 1]);
  expect(sentTwice(world)).toEqual([]);
}

async function collect(results: AsyncIterable<BatchResult>): Promise<BatchResult[]> {
  const found: BatchResult[] = [];
  for await (const result of results) found.push(result);
  return found;
}

/** Another client's batch of the same size, at the same time. */
function stranger(rows: number, number: number) {
  const path = "/v1/messages";
  const body = '{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"Other"}]}';
  return {
    id: `stranger-${number}`,
    dialect: "anthropic-messages" as const,
    facts: { path, name: "", model: "m", metadata: null },
    rows: () => Array.from({ length: rows }, (_, i) => ({ key: `other-${number}_${i}`, path, body })),
  };
}

/** Keys of rows that stand in more than one batch of the vendor. */
function sentTwice(world: BatchWorld): string[] {
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const batch of world.batches.all())
    for (const { key } of batch.rows()) {
      if (seen.has(key)) twice.push(key);
      seen.add(key);
    }
  return twice;
}
