import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryBatches } from "../../src/batches/index.js";
import type { BatchResult } from "../../src/core/contract/batch-job.js";
import { chatLaws } from "../../src/core/kinds/chat/laws.js";
import { AiClient, provider } from "../../src/index.js";
import type { Simulator } from "../../src/testing/index.js";
import { startSimulator } from "../../src/testing/index.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const POLL = { minMs: 1, maxMs: 2 };

/** The vendors whose batches the simulator has, and the path below which each is served. */
const VENDORS = [
  ["openai", "/v1"],
  ["openai-responses", "/v1"],
  ["groq", "/v1"],
  ["anthropic", ""],
  ["google", "/v1beta"],
  ["mistral", "/v1"],
] as const;

let named = 0;

function clientOf(id: (typeof VENDORS)[number][0]) {
  const base = VENDORS.find(([name]) => name === id)?.[1] ?? "";
  const endpoint = `${id}-${named++}`;
  const vendor = provider(id, {
    apiKey: "k",
    baseUrl: simulator.baseUrl(endpoint) + base,
    model: "some-model",
  });
  const client = new AiClient(vendor, { batches: { store: memoryBatches() } });
  return { jobs: client.batchJobs, batches: simulator.batches(endpoint), endpoint, vendor };
}

async function all(results: AsyncIterable<BatchResult>): Promise<BatchResult[]> {
  const found: BatchResult[] = [];
  for await (const result of results) found.push(result);
  return found.sort((a, b) => a.index - b.index);
}

const five = Array.from({ length: 5 }, (_, i) => ({ id: `row ${i}`, request: `Question ${i}` }));

describe.each(VENDORS)("batches of %s", (id) => {
  it("answer every row once, whatever the order", async () => {
    const { jobs, batches } = clientOf(id);
    batches.plan = { backwards: true };
    const job = await jobs.submit(five);
    expect([job.state, job.parts.length, job.parts[0]?.executor]).toEqual(["running", 1, "batch"]);
    const results = await all(jobs.results(job.id, { poll: POLL }));
    expect(results.map((each) => each.id)).toEqual(five.map((each) => each.id));
    for (const each of results)
      expect(each.kind === "chat" && each.response?.text).toContain(`Question ${each.index}`);
    const done = await jobs.get(job.id);
    expect([done.state, done.counts.succeeded, done.progress]).toEqual(["done", 5, 1]);
    expect(done.usage.inputTokens).toBeGreaterThan(0);
  });

  it("give each failed row its classified error, and retry what may succeed", async () => {
    const { jobs, batches } = clientOf(id);
    batches.plan = { rowStatus: (row) => ({ 1: 400, 3: 500 })[row] };
    const job = await jobs.submit(five);
    const results = await all(jobs.results(job.id, { poll: POLL }));
    expect(results.map(({ outcome }) => outcome)).toEqual([
      "succeeded",
      "failed",
      "succeeded",
      "failed",
      "succeeded",
    ]);
    expect([results[1]?.error?.code, results[1]?.error?.retryable]).toEqual(["INVALID_REQUEST", false]);
    expect([results[3]?.error?.code, results[3]?.error?.retryable]).toEqual(["PROVIDER_ERROR", true]);
    batches.plan = {};
    const again = await jobs.retry(job.id);
    expect([again.total, again.retryOf]).toEqual([1, job.id]);
    expect(
      (await all(jobs.results(again.id, { poll: POLL }))).map((each) => [each.id, each.outcome]),
    ).toEqual([["row 3", "succeeded"]]);
    expect((await jobs.retry(job.id)).id).toBe(again.id);
  });

  it("name rows that expired, were cancelled or left out", async () => {
    const { jobs, batches } = clientOf(id);
    batches.plan = { expiresAfter: 2 };
    const expired = await jobs.submit(five);
    const outcomes = (await all(jobs.results(expired.id, { poll: POLL }))).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(["succeeded", "succeeded", "expired", "expired", "expired"]);

    batches.plan = { rowLost: (row) => row === 4 };
    const lost = await jobs.submit(five);
    const last = (await all(jobs.results(lost.id, { poll: POLL })))[4];
    expect([last?.outcome, last?.error?.code, last?.error?.retryable]).toEqual([
      "failed",
      "PROVIDER_ERROR",
      true,
    ]);

    batches.plan = { questions: 1_000 };
    const stopped = await jobs.submit(five);
    await jobs.cancel(stopped.id);
    const rest = (await all(jobs.results(stopped.id, { poll: POLL }))).map(({ outcome }) => outcome);
    expect(rest).toEqual(["succeeded", "succeeded", "cancelled", "cancelled", "cancelled"]);
    expect((await jobs.get(stopped.id)).state).toBe("cancelled");
  });

  it("are found again when the reply that named them was lost", async () => {
    const { vendor, batches } = clientOf(id);
    const lines = new TextEncoder();
    const rows = await vendor.batches?.rows(chatLaws);
    const encoded = rows?.encode({ messages: [{ role: "user", content: "Hi" }] }, "some-model");
    if (rows === undefined || encoded === undefined) throw new Error("no rows");
    const text = `${rows.line("token-1_0", encoded)}\n`;
    const input = {
      ...{
        token: "token-1",
        kind: "chat" as const,
        model: "some-model",
        path: encoded.path,
        rows: 1,
        windowHours: 24,
      },
      bytes: lines.encode(text).length,
      async *lines() {
        yield lines.encode(text);
      },
    };
    let file: string | undefined;
    const made = await vendor.batches?.create(input, async (progress) => {
      file = progress.file;
    });
    const sought = { token: "token-1", file, rows: 1, since: Date.now(), others: new Set<string>() };
    expect((await vendor.batches?.find(sought))?.batch.id).toBe(made?.id);
    expect(
      await vendor.batches?.find({ ...sought, token: "token-2", file: undefined, rows: 2 }),
    ).toBeUndefined();
    expect(batches.all()).toHaveLength(1);
  });
});

it.each(["google", "mistral"] as const)("%s takes rows by a file if they are many", async (id) => {
  const { vendor } = clientOf(id);
  const { batches, files } = vendor;
  if (batches === undefined || files === undefined) throw new Error("no batches");
  const codec = await batches.rows(chatLaws);
  const rows = ["one", "two"].map((content) =>
    codec.encode({ messages: [{ role: "user", content }] }, "some-model"),
  );
  const text = rows.map((row, i) => `${codec.line(`token-1_${i}`, row)}\n`).join("");
  const content = new TextEncoder().encode(text);
  const purpose = id === "mistral" ? { purpose: "batch" } : {};
  const file = await files.upload(
    { content, filename: "rows.jsonl", mediaType: "application/jsonl" },
    purpose,
  );
  const made = await batches.create(
    {
      ...{ token: "token-1", kind: "chat", model: "some-model", path: rows[0]?.path ?? "", rows: 2 },
      ...{ bytes: content.length, windowHours: 24, progress: { file: file.id } },
      async *lines() {
        yield content;
      },
    },
    async () => {},
  );
  let batch = made;
  for (let i = 0; i < 5 && batch.state !== "done"; i++) batch = await batches.get(made.id);
  const found: unknown[] = [];
  for await (const { key, outcome } of batches.results(batch)) found.push([key, outcome]);
  expect(found).toEqual([
    ["token-1_0", "succeeded"],
    ["token-1_1", "succeeded"],
  ]);
  expect([batch.rows, batch.outputFile === undefined]).toEqual([undefined, false]);
});

it("Gemini takes embeddings, one input a row", async () => {
  const { jobs } = clientOf("google");
  const inputs = [["One"], ["Two"], ["Three", "Four"]];
  const job = await jobs.submit(
    inputs.map((each) => ({ kind: "embed" as const, request: { inputs: each, dimensions: 4 } })),
  );
  const results = await all(jobs.results(job.id, { poll: POLL }));
  expect(results.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded", "failed"]);
  const [first] = results;
  expect(first?.kind === "embed" && first.response?.embeddings[0]).toHaveLength(4);
  expect(results[2]?.error).toMatchObject({
    code: "INVALID_REQUEST",
    message: expect.stringContaining("cut `inputs` into several rows"),
  });
});

it("a batch that fails its check fails its rows, with the vendor's reason at the row that it names", async () => {
  const { jobs, batches } = clientOf("openai");
  batches.plan = { invalid: "the model does not exist" };
  const job = await jobs.submit(five);
  const results = await all(jobs.results(job.id, { poll: POLL }));
  expect(results[0]?.error?.message).toContain("the model does not exist");
  expect(results.map(({ error }) => error?.code)).toEqual([
    "INVALID_REQUEST",
    ...Array(4).fill("PROVIDER_ERROR"),
  ]);
});

it("rows of several kinds and models go in parts of their own, each with its cost at half the price", async () => {
  const endpoint = `parts-${named++}`;
  const price = { input: 2, output: 4 };
  const vendor = provider("openai", {
    ...{ apiKey: "k", baseUrl: `${simulator.baseUrl(endpoint)}/v1`, model: "a" },
    models: { a: { price }, b: { price } },
  });
  const client = new AiClient(vendor, { batches: { store: memoryBatches() } });
  const job = await client.batchJobs.submit([
    { request: "One" },
    { request: { model: "b", messages: [{ role: "user", content: "Two" }] } },
    { kind: "embed", request: { inputs: ["Three"] } },
    { kind: "moderate", request: { inputs: ["Four"] } },
    { request: { messages: [] } },
  ]);
  expect(job.parts.map(({ kind, model, rows }) => [kind, model, rows])).toEqual([
    ["chat", "a", 1],
    ["chat", "b", 1],
    ["embed", "text-embedding-3-small", 1],
    ["moderate", "omni-moderation-latest", 1],
    ["chat", "", 1],
  ]);
  const results = await all(client.batchJobs.results(job.id, { poll: POLL }));
  expect(results.map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ["chat", "succeeded"],
    ["chat", "succeeded"],
    ["embed", "succeeded"],
    ["moderate", "succeeded"],
    ["chat", "failed"],
  ]);
  expect(results[4]?.error?.code).toBe("INVALID_REQUEST");
  const [first] = results;
  if (first?.outcome !== "succeeded") throw new Error("no answer");
  const { inputTokens, outputTokens } = first.usage;
  expect(first.cost).toBeCloseTo((inputTokens * 2 + outputTokens * 4) / 2 / 1e6, 12);
});

it("are split by the rows and bytes that the vendor takes", async () => {
  const { defineProvider } = await import("../../src/index.js");
  const endpoint = `split-${named++}`;
  const vendor = defineProvider(
    {
      id: "small",
      dialect: "openai-chat",
      baseUrl: `${simulator.baseUrl(endpoint)}/v1`,
      model: "m",
      files: { path: "/files", api: "openai", maxBytes: 1_000_000 },
      batches: { api: "openai-batches", kinds: ["chat"], rows: 3, bytes: 2_000, windows: [24] },
    },
    { apiKey: "k" },
  );
  const { batchJobs } = new AiClient(vendor, { batches: { store: memoryBatches() } });
  const long = "x".repeat(700);
  const items = [
    ...Array.from({ length: 7 }, () => ({ request: "a" })),
    { request: long },
    { request: long },
    { request: "y".repeat(3_000) },
  ];
  const job = await batchJobs.submit(items);
  expect(job.parts.map(({ rows }) => rows)).toEqual([3, 3, 2, 1, 1]);
  for (const { bytes } of job.parts) expect(bytes).toBeLessThanOrEqual(2_000);
  const results = await all(batchJobs.results(job.id, { poll: POLL }));
  expect(results.map(({ outcome }) => outcome)).toEqual([...Array(9).fill("succeeded"), "failed"]);
  expect(results[9]?.error?.message).toContain("takes 2000");
});
