import { describe, expect, it } from "vitest";
import { memoryBatches } from "../../src/batches/index.js";
import type { BatchInput, RowReply, VendorBatch } from "../../src/core/contract/batch-service.js";
import { AiClient, type ChatProvider, provider } from "../../src/index.js";
import { BATCH_RECORDINGS, batchCases, batchSessions, serveRecorded } from "../support/batch-recordings.js";
import { hasRecordings, type KindCase, type KindExpected } from "../support/kind-recordings.js";

/** The provider that speaks each API, and where its version stands. */
const VENDORS: Readonly<
  Record<string, { readonly id: string; readonly base: string; readonly model: string }>
> = {
  "openai-batch": { id: "openai-responses", base: "/v1", model: "gpt-5-nano" },
  "openai-batch-output": { id: "openai-responses", base: "/v1", model: "gpt-5-nano" },
  "openai-files": { id: "openai-responses", base: "/v1", model: "gpt-5-nano" },
  "anthropic-batch": { id: "anthropic", base: "", model: "claude-haiku-4-5" },
  "anthropic-batch-results": { id: "anthropic", base: "", model: "claude-haiku-4-5" },
  "gemini-batch": { id: "google", base: "/v1beta", model: "gemini-2.5-flash" },
  "mistral-batch": { id: "mistral", base: "/v1", model: "mistral-small-latest" },
  "xai-batch": { id: "xai", base: "/v1", model: "grok-4.3" },
};

function vendorOf({ recording }: KindCase, url: string, embed = false): ChatProvider {
  const { id, base, model } = VENDORS[recording.api] ?? { id: "", base: "", model: "" };
  return provider(embed ? "openai" : (id as "openai"), { apiKey: "k", baseUrl: url + base, model });
}

/** The fields that the key asserts of a batch. */
interface Asserted extends KindExpected {
  readonly form: "job" | "list" | "results" | "ack";
  readonly batchId: string | null;
  readonly state: string | null;
  readonly states?: readonly string[] | null;
  readonly counts: Readonly<Record<string, number>> | null;
  readonly outputFile: string | null;
  readonly errorFile: string | null;
  readonly resultsUrl: string | null;
  readonly results: readonly { readonly customId: string; readonly outcome: string }[] | null;
  readonly count: number;
  readonly firstId: string;
  readonly lastId: string;
  readonly hasMore: boolean;
  readonly batchStates: readonly (string | null)[];
}

function checkBatch(expected: Asserted, got: VendorBatch): void {
  const { batchId, state, states, counts, outputFile, errorFile, resultsUrl } = expected;
  if (batchId !== null) expect(got.id).toBe(batchId);
  if (state !== null) expect(got.state).toBe(state);
  if (states) expect(states).toContain(got.state);
  for (const [name, value] of Object.entries(counts ?? {}))
    if (value !== null) expect([name, got.counts[name as "total"]]).toEqual([name, value]);
  if (outputFile) expect(got.outputFile).toBe(outputFile);
  if (errorFile) expect(got.errorFile).toBe(errorFile);
  if (resultsUrl) expect(got.resultsUrl).toBe(resultsUrl);
}

/** Outcomes in the words of the key. */
const OUTCOMES = {
  succeeded: "succeeded",
  failed: "errored",
  cancelled: "cancelled",
  expired: "expired",
} as const;

async function checkResults({ results }: Asserted, got: AsyncIterable<RowReply>): Promise<void> {
  const rows: unknown[] = [];
  for await (const { key, outcome } of got) rows.push({ customId: key, outcome: OUTCOMES[outcome] });
  expect(rows).toEqual(results);
}

const INPUT: BatchInput = {
  token: "t",
  kind: "chat",
  model: "gemini-2.5-flash",
  path: "/models/gemini-2.5-flash:generateContent",
  rows: 1,
  bytes: 3,
  windowHours: 24,
  async *lines() {
    yield new TextEncoder().encode("{}\n");
  },
};

/** The id of the batch that a path names. */
function idIn(path: string): string {
  return decodeURIComponent(/batch(?:es|\/jobs)\/([^/?:]+)/.exec(path)?.[1] ?? "");
}

/** Asks for what an exchange answers, through the batches of its provider. */
async function replay(each: KindCase): Promise<void> {
  const expected = each.expected as Asserted;
  const { request } = each.recording;
  const { method, path = "" } = request ?? {};
  const file = { id: "file-1", object: "file", filename: "f", bytes: 3, purpose: "batch" };
  const server = await serveRecorded(
    [each],
    (body) => body,
    (asked) => (asked.method === "POST" ? { ...file, batch_id: idIn(path) } : undefined),
  );
  const { batches } = vendorOf(each, server.url);
  if (batches === undefined) throw new Error("no batches");
  const id = idIn(path);
  const name = each.recording.api === "gemini-batch" ? `batches/${id}` : id;
  switch (expected.form) {
    case "list": {
      const { searchParams } = new URL(path, "http://127.0.0.1");
      const [after, limit] = [searchParams.get("after"), searchParams.get("limit")];
      const page = await batches.list({
        ...(after === null ? {} : { after }),
        ...(limit === null ? {} : { limit: Number(limit) }),
      });
      expect(page.batches).toHaveLength(expected.count);
      expect(page.batches[0]?.id).toBe(expected.firstId);
      expect(page.batches.at(-1)?.id).toBe(expected.lastId);
      expect(page.next).toBe(expected.hasMore ? expected.lastId : undefined);
      page.batches.forEach(({ state }, i) => {
        if (expected.batchStates[i] !== null) expect(state).toBe(expected.batchStates[i]);
      });
      break;
    }
    case "results":
      // Where results are is known from the batch.
      await checkResults(
        expected,
        batches.results({
          id,
          state: "done",
          counts: {},
          outputFile: path.split("/").at(-2),
          resultsUrl: path,
        }),
      );
      break;
    case "ack":
      await batches.create(INPUT, async () => {});
      expect(server.played).toEqual([0]);
      break;
    case "job":
      if (method === "GET") {
        const got = await batches.get(name);
        checkBatch(expected, got);
        if (expected.results !== null) await checkResults(expected, batches.results(got));
      } else if (path.includes("cancel")) checkBatch(expected, await batches.cancel(name));
      else checkBatch(expected, await batches.create(INPUT, async () => {}));
      break;
    default:
      expected.form satisfies never;
  }
  expect(server.played).toEqual([0]);
}

const cases = batchCases().filter(({ recording }) => recording.kind === "batch");

describe("recorded exchanges of batches", () => {
  it("are there where recordings are", () => expect(cases.length).toBe(hasRecordings ? 44 : 0));
  it("are of APIs that are replayed", () =>
    expect(
      cases.filter(({ recording }) => !(BATCH_RECORDINGS as readonly string[]).includes(recording.api)),
    ).toEqual([]));
  it.each(cases.map((each) => [each.recording.id, each] as const))("%s", async (_, each) => replay(each));
});

/** Rows whose results were not recorded. */
function madeUp(bodies: readonly string[]): string {
  const keys = keysOf(bodies);
  const body = {
    data: [{ index: 0, embedding: [1, 2] }],
    model: "m",
    usage: { prompt_tokens: 1, total_tokens: 1 },
  };
  return keys
    .map((custom_id) => JSON.stringify({ custom_id, response: { status_code: 200, body } }))
    .join("\n");
}

/** The keys of the rows that were sent, in order. */
function keysOf(bodies: readonly string[]): string[] {
  const found = bodies.join("\n").matchAll(/"(?:custom_id|batch_request_id|key)":"([a-z0-9-]+_\d+)"/g);
  return [...new Set([...found].map(([, key = ""]) => key))];
}

/** A recorded answer with the keys of the rows that this client sent. */
function withKeys(body: string, bodies: readonly string[]): string {
  return body.replace(/("(?:custom_id|batch_request_id)": ?)"(\d+)"/g, (whole, head, row) => {
    const key = keysOf(bodies)[Number(row)];
    return key === undefined ? whole : `${head}"${key}"`;
  });
}

const sessions = [...batchSessions()].filter(([, all]) =>
  all.some(({ expected }) => expected["form"] === "job"),
);
const lists = [...batchSessions()].filter(([, all]) =>
  all.every(({ expected }) => expected["form"] === "list"),
);

describe("recorded lifecycles of batches", () => {
  it("are there where recordings are", () =>
    expect([sessions.length, lists.length]).toEqual(hasRecordings ? [8, 2] : [0, 0]));

  it.each(sessions)("%s, in order", async (_, all) => {
    const [first] = all;
    if (first === undefined) throw new Error("an empty session");
    const embed = all.some(({ recording }) =>
      JSON.stringify(recording.request?.body ?? "").includes("/embeddings"),
    );
    const isCancelled = all.some(({ recording }) => recording.request?.path.includes("cancel"));
    const server = await serveRecorded(all, withKeys, ({ method, url = "" }) => {
      if (url.endsWith("/content")) return madeUp(server.bodies);
      return method === "POST" && url.endsWith("/files")
        ? { id: "file-FqLLytrEaPH6hmSPXTr1db", object: "file" }
        : undefined;
    });
    const vendor = vendorOf(first, server.url, embed);
    const client = new AiClient(vendor, { batches: { store: memoryBatches() } });
    const rows = all.find(({ expected }) => (expected as Asserted).counts?.["total"])?.expected as
      | Asserted
      | undefined;
    const total = rows?.counts?.["total"] ?? 1;
    const items = Array.from({ length: total }, (_x, i) =>
      embed
        ? { id: `row ${i}`, kind: "embed" as const, request: { inputs: ["A text"] } }
        : { id: `row ${i}`, request: "What is 2 + 2? Just the number." },
    );
    const job = await client.batchJobs.submit(items);
    if (isCancelled) {
      await client.batchJobs.cancel(job.id);
      expect(server.played).toEqual(all.map((_case, i) => i));
      return;
    }
    const ids: string[] = [];
    for await (const result of client.batchJobs.results(job.id, { poll: { minMs: 1, maxMs: 1 } })) {
      expect([result.error, result.outcome]).toEqual([undefined, "succeeded"]);
      if (!embed && result.kind === "chat") expect(result.response?.text.length).toBeGreaterThan(0);
      ids.push(result.id);
    }
    expect(ids.sort()).toEqual(items.map(({ id }) => id));
    const done = await client.batchJobs.get(job.id);
    expect([done.state, done.counts.succeeded, done.progress]).toEqual(["done", total, 1]);
    // Some recorders asked once more after the end.
    const left = all.length - server.played.length;
    for (let i = 0; i < left; i++) await vendor.batches?.get(done.parts[0]?.batch ?? "");
    expect(server.played).toEqual(all.map((_case, i) => i));
  });

  it.each(lists)("%s, page by page", async (_, all) => {
    const [first] = all;
    if (first === undefined) throw new Error("an empty session");
    const server = await serveRecorded(all, (body) => body);
    const { batches } = vendorOf(first, server.url);
    let after: string | undefined;
    for (const each of all) {
      const page = await batches?.list(after === undefined ? {} : { after });
      expect(page?.batches[0]?.id).toBe((each.expected as Asserted).firstId);
      after = page?.next;
    }
    expect(server.played).toEqual(all.map((_case, i) => i));
  });
});
