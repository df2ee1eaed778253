import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryBatches } from "../../src/batches/index.js";
import type { BatchResult } from "../../src/core/contract/batch-job.js";
import { chatLaws } from "../../src/core/kinds/chat/laws.js";
import { embedLaws } from "../../src/core/kinds/embed.js";
import { AiClient, AiLibError, type ProviderOptions, provider } from "../../src/index.js";
import type { Simulator } from "../../src/testing/index.js";
import { startSimulator } from "../../src/testing/index.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const POLL = { minMs: 1, maxMs: 2 };
const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret-of-the-test" };

let named = 0;

/** Bedrock, its control plane and its S3 at one endpoint of the simulator. */
function clientOf(options: ProviderOptions = {}) {
  const endpoint = `bedrock-${named++}`;
  const url = simulator.baseUrl(endpoint);
  const vendor = provider("bedrock", {
    ...{ apiKey: KEYS, baseUrl: url, model: "us.some.model-v1:0", environment: {} },
    variables: {
      batchRole: "arn:aws:iam::123456789012:role/batches",
      batchFiles: "s3://my-bucket/ai-lib/",
      s3Url: `${url}/s3`,
      controlUrl: url,
    },
    ...options,
  });
  const client = new AiClient(vendor, { batches: { store: memoryBatches() } });
  return {
    jobs: client.batchJobs,
    batches: simulator.batches(endpoint),
    files: simulator.files(endpoint),
    vendor,
  };
}

const questions = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `row ${i}`, request: `Question ${i}` }));

async function all(results: AsyncIterable<BatchResult>): Promise<BatchResult[]> {
  const found: BatchResult[] = [];
  for await (const result of results) found.push(result);
  return found.sort((a, b) => a.index - b.index);
}

async function errorOf(answer: Promise<unknown>): Promise<AiLibError> {
  const error = await answer.catch((reason: unknown) => reason);
  if (AiLibError.is(error)) return error;
  throw new Error("nothing was refused");
}

describe("batches of Bedrock", () => {
  it("put their rows into S3 as Converse requests, and read the results from there", async () => {
    const { jobs, batches, files } = clientOf({
      models: { "us.some.model-v1:0": { price: { input: 2, output: 4 } } },
    });
    batches.plan = { backwards: true, rowStatus: (row) => (row === 3 ? 429 : undefined) };
    const job = await jobs.submit(questions(100), { window: "48h" });
    expect(job.parts).toMatchObject([{ executor: "batch", provider: "bedrock", rows: 100 }]);
    const [input] = files.all();
    expect(input?.id).toMatch(/^s3:\/\/my-bucket\/ai-lib\/[\w-]+\/rows\.jsonl$/);
    const line = new TextDecoder().decode(input?.bytes).split("\n")[0] ?? "";
    expect(JSON.parse(line)).toMatchObject({
      recordId: expect.stringMatching(/_0$/),
      modelInput: { messages: [{ role: "user", content: [{ text: "Question 0" }] }] },
    });
    const results = await all(jobs.results(job.id, { poll: POLL }));
    expect(results).toHaveLength(100);
    expect(results[0]?.kind === "chat" && results[0].response?.text).toContain("Question 0");
    expect(results[3]?.error).toMatchObject({ code: "RATE_LIMIT", retryable: true });
    const done = await jobs.get(job.id);
    expect(done.counts).toMatchObject({ succeeded: 99, failed: 1, open: 0 });
    const { inputTokens, outputTokens } = done.usage;
    expect(done.cost).toBeCloseTo((inputTokens * 2 + outputTokens * 4) / 2 / 1e6, 10);
  });

  it("that expire or are stopped name their rows, and a job that was refused its reason", async () => {
    const { jobs, batches } = clientOf();
    batches.plan = { expiresAfter: 2 };
    const outcomes = async (id: string) =>
      (await all(jobs.results(id, { poll: POLL }))).slice(0, 3).map(({ outcome }) => outcome);
    expect(await outcomes((await jobs.submit(questions(100))).id)).toEqual([
      "succeeded",
      "succeeded",
      "expired",
    ]);
    batches.plan = { questions: 1_000 };
    const stopped = await jobs.submit(questions(100));
    await jobs.cancel(stopped.id);
    const rest = await all(jobs.results(stopped.id, { poll: POLL }));
    expect([rest[49]?.outcome, rest[50]?.outcome]).toEqual(["succeeded", "cancelled"]);
    batches.plan = { invalid: "no such model" };
    const failed = await jobs.submit(questions(100));
    const [first] = await all(jobs.results(failed.id, { poll: POLL }));
    expect(first?.error?.message).toContain("no such model");
  });

  it("with too few rows are refused, or become live calls", async () => {
    const { jobs, batches } = clientOf();
    const error = await errorOf(jobs.submit(questions(5)));
    expect(error).toMatchObject({ code: "INVALID_REQUEST", local: true });
    expect(error.message).toMatch(/a batch of bedrock needs at least 100 rows, and these are 5/);
    expect(await jobs.list()).toEqual([]);
    const job = await jobs.submit(questions(5), { executor: "auto" });
    expect(job.parts).toMatchObject([
      { executor: "live", why: expect.stringContaining("at least 100 rows") },
    ]);
    const results = await all(jobs.results(job.id, { poll: POLL }));
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(5).fill("succeeded"));
    expect(batches.all()).toEqual([]);
  });

  it("are found by their name, and created once", async () => {
    const { vendor, batches } = clientOf();
    const service = vendor.batches;
    const rows = await service?.rows(chatLaws);
    const encoded = rows?.encode({ messages: [{ role: "user", content: "Hi" }] }, "m");
    if (service === undefined || rows === undefined || encoded === undefined) throw new Error("no rows");
    const text = Array.from({ length: 100 }, (_, i) => `${rows.line(`token-1_${i}`, encoded)}\n`).join("");
    const content = new TextEncoder().encode(text);
    const input = {
      ...{ token: "token-1", kind: "chat" as const, model: "m", path: encoded.path, rows: 100 },
      ...{ windowHours: 24, bytes: content.length },
      async *lines() {
        yield content;
      },
    };
    const saved: unknown[] = [];
    const made = await service.create(input, async (progress) => void saved.push(progress));
    expect(saved).toEqual([{ file: "s3://my-bucket/ai-lib/token-1/rows.jsonl" }]);
    expect((await service.create(input, async () => {})).id).toBe(made.id);
    expect(batches.all()).toHaveLength(1);
    const sought = { token: "token-1", rows: 100, since: Date.now(), others: new Set<string>() };
    expect((await service.find(sought))?.batch.id).toBe(made.id);
    expect(await service.find({ ...sought, token: "token-2" })).toBeUndefined();
    expect((await service.list()).batches.map(({ token }) => token)).toEqual(["token-1"]);
  });

  it("of embeddings are InvokeModel requests, and a row holds what the model takes at a time", async () => {
    const rows = await clientOf().vendor.batches?.rows(embedLaws);
    const titan = "amazon.titan-embed-text-v2:0";
    expect(rows?.encode({ inputs: ["a"] }, titan)).toMatchObject({
      path: "/model/amazon.titan-embed-text-v2%3A0/invoke",
      body: expect.stringContaining('"inputText":"a"'),
    });
    expect(() => rows?.encode({ inputs: ["a", "b"] }, titan)).toThrow(/needs 2 at this provider/);
  });

  it("need a place, a role and AWS credentials, and say which", async () => {
    const bare = clientOf({ variables: {} });
    const rows = questions(100);
    expect((await errorOf(bare.jobs.submit(rows))).message).toMatch(
      /no batches without AWS_BEDROCK_BATCH_ROLE_ARN and AWS_BEDROCK_BATCH_S3_URI/,
    );
    const auto = await bare.jobs.submit(questions(1), { executor: "auto" });
    expect(auto.parts[0]?.why).toMatch(/AWS_BEDROCK_BATCH_S3_URI/);
    const keyed = clientOf({ apiKey: "bedrock-api-key-secret" });
    const error = await errorOf(keyed.jobs.submit(rows));
    expect(error.message).toMatch(/An API key of the service bedrock cannot be used for s3/);
    expect(error.message).not.toContain("bedrock-api-key-secret");
  });

  it("read no file that is not below the configured place", async () => {
    const service = clientOf().vendor.batches;
    const read = async (outputFile: string) => {
      const batch = { id: "j", state: "done" as const, counts: {}, outputFile };
      for await (const row of service?.results(batch) ?? []) expect(row).toBeUndefined();
    };
    for (const uri of [
      "s3://other/ai-lib/x.out",
      "s3://my-bucket/else/x.out",
      "s3://my-bucket/ai-lib/../x.out",
    ])
      expect((await errorOf(read(uri))).message).toMatch(/not below AWS_BEDROCK_BATCH_S3_URI/);
  });
});
