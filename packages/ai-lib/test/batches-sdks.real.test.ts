import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { Mistral } from "@mistralai/mistralai";
import Groq from "groq-sdk";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../src/testing/index.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  for (const name of ["openai", "groq", "anthropic", "google", "mistral"]) simulator.batches(name).plan = {};
});

const messages = [{ role: "user" as const, content: "Hello" }];

/** Asks until a batch has ended. */
async function ended<T>(ask: () => Promise<T>, isOver: (batch: T) => boolean): Promise<T> {
  for (let i = 0; i < 20; i++) {
    const batch = await ask();
    if (isOver(batch)) return batch;
  }
  throw new Error("The batch does not end");
}

const jsonLines = (rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const parsed = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("the vendors' own clients run batches against the simulator", () => {
  it("openai", async () => {
    const openai = new OpenAI({ apiKey: "k", baseURL: `${simulator.baseUrl("openai")}/v1`, maxRetries: 0 });
    simulator.batches("openai").plan = { rowStatus: (row) => (row === 1 ? 400 : undefined) };
    const rows = ["a", "b", "c"].map((custom_id) => ({
      ...{ custom_id, method: "POST", url: "/v1/chat/completions" },
      body: { model: "m", messages },
    }));
    const file = await openai.files.create({
      file: await toFile(Buffer.from(jsonLines(rows)), "rows.jsonl"),
      purpose: "batch",
    });
    const created = await openai.batches.create({
      ...{ input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h" },
      metadata: { mine: "yes" },
    });
    expect([created.status, created.metadata]).toEqual(["validating", { mine: "yes" }]);
    expect((await openai.batches.retrieve(created.id)).status).toBe("in_progress");
    const done = await ended(
      () => openai.batches.retrieve(created.id),
      ({ status }) => status === "completed",
    );
    expect(done.request_counts).toEqual({ total: 3, completed: 2, failed: 1 });
    const output = parsed(await (await openai.files.content(done.output_file_id ?? "")).text());
    expect(
      output.map(({ custom_id, response }) => [custom_id, response.body.choices[0].message.role]),
    ).toEqual([
      ["a", "assistant"],
      ["c", "assistant"],
    ]);
    const errors = parsed(await (await openai.files.content(done.error_file_id ?? "")).text());
    expect(errors.map(({ custom_id, response }) => [custom_id, response.status_code])).toEqual([["b", 400]]);
    const other = await openai.batches.create({
      ...{ input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h" },
    });
    expect((await openai.batches.cancel(other.id)).status).toBe("cancelling");
    expect((await openai.batches.retrieve(other.id)).status).toBe("cancelled");
    const listed: string[] = [];
    for await (const { id } of openai.batches.list({ limit: 1 })) listed.push(id);
    expect(listed).toEqual([other.id, created.id]);
    await expect(openai.batches.retrieve("batch_none")).rejects.toMatchObject({ status: 404 });
  });

  it("groq-sdk", async () => {
    const groq = new Groq({ apiKey: "k", baseURL: `${simulator.baseUrl("groq")}`, maxRetries: 0 });
    const row = {
      custom_id: "a",
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "m", messages },
    };
    const file = await groq.files.create({
      file: await toFile(Buffer.from(jsonLines([row])), "rows.jsonl"),
      purpose: "batch",
    });
    const { id } = await groq.batches.create({
      ...{ input_file_id: file.id ?? "", endpoint: "/v1/chat/completions", completion_window: "24h" },
    });
    const done = await ended(
      () => groq.batches.retrieve(id),
      ({ status }) => status === "completed",
    );
    expect(done.request_counts).toEqual({ total: 1, completed: 1, failed: 0 });
  });

  it("@anthropic-ai/sdk", async () => {
    const anthropic = new Anthropic({ apiKey: "k", baseURL: simulator.baseUrl("anthropic"), maxRetries: 0 });
    const { batches } = anthropic.messages;
    simulator.batches("anthropic").plan = {
      expiresAfter: 2,
      rowStatus: (row) => (row === 1 ? 500 : undefined),
    };
    const params = { model: "m", max_tokens: 10, messages };
    const created = await batches.create({
      requests: ["a", "b", "c"].map((custom_id) => ({ custom_id, params })),
    });
    expect([created.processing_status, created.request_counts.processing]).toEqual(["in_progress", 3]);
    const done = await ended(
      () => batches.retrieve(created.id),
      ({ processing_status }) => processing_status === "ended",
    );
    expect(done.request_counts).toEqual({ processing: 0, succeeded: 1, errored: 1, canceled: 0, expired: 1 });
    const outcomes: unknown[] = [];
    for await (const { custom_id, result } of await batches.results(created.id))
      outcomes.push([custom_id, result.type]);
    expect(outcomes).toEqual([
      ["a", "succeeded"],
      ["b", "errored"],
      ["c", "expired"],
    ]);
    simulator.batches("anthropic").plan = {};
    const other = await batches.create({ requests: [{ custom_id: "a", params }] });
    expect((await batches.cancel(other.id)).processing_status).toBe("canceling");
    const listed: string[] = [];
    for await (const { id } of batches.list({ limit: 1 })) listed.push(id);
    expect(listed).toEqual([other.id, created.id]);
    await expect(batches.create({ requests: [{ custom_id: "not allowed!", params }] })).rejects.toMatchObject(
      { status: 400 },
    );
  });

  it("@google/genai", async () => {
    const google = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: simulator.baseUrl("google") } });
    simulator.batches("google").plan = { rowStatus: (row) => (row === 1 ? 400 : undefined) };
    const contents = [{ role: "user", parts: [{ text: "Hello" }] }];
    const created = await google.batches.create({
      model: "gemini-m",
      src: [{ contents }, { contents }],
      config: { displayName: "mine" },
    });
    expect([created.state, created.displayName]).toEqual(["JOB_STATE_PENDING", "mine"]);
    const name = created.name ?? "";
    const done = await ended(
      () => google.batches.get({ name }),
      ({ state }) => state === "JOB_STATE_SUCCEEDED",
    );
    const [first, second] = done.dest?.inlinedResponses ?? [];
    expect(first?.response?.candidates?.[0]?.content?.parts?.[0]?.text).toContain("Hello");
    expect(second?.error?.code).toBe(400);
    const row = { key: "a", request: { contents } };
    const file = await google.files.upload({
      file: new Blob([jsonLines([row])]),
      config: { mimeType: "application/jsonl" },
    });
    simulator.batches("google").plan = {};
    const other = await google.batches.create({ model: "gemini-m", src: file.name ?? "" });
    await google.batches.cancel({ name: other.name ?? "" });
    expect((await google.batches.get({ name: other.name ?? "" })).state).toBe("JOB_STATE_CANCELLED");
    const listed: unknown[] = [];
    for await (const each of await google.batches.list()) listed.push(each.name);
    expect(listed).toEqual([other.name, name]);
  });

  it("@mistralai/mistralai", async () => {
    const mistral = new Mistral({
      apiKey: "k",
      serverURL: simulator.baseUrl("mistral"),
      retryConfig: { strategy: "none" },
    });
    const { jobs } = mistral.batch;
    simulator.batches("mistral").plan = { rowStatus: (row) => (row === 1 ? 400 : undefined) };
    const created = await jobs.create({
      ...{ endpoint: "/v1/chat/completions", model: "m", metadata: { mine: "yes" } },
      requests: ["a", "b"].map((customId) => ({ customId, body: { messages } })),
    });
    expect([created.status, created.totalRequests]).toEqual(["QUEUED", 0]);
    const done = await ended(
      () => jobs.get({ jobId: created.id, inline: true }),
      ({ status }) => status === "SUCCESS",
    );
    expect([done.totalRequests, done.succeededRequests, done.failedRequests]).toEqual([2, 1, 1]);
    expect(done.outputs?.map((each) => each["custom_id"])).toEqual(["a", "b"]);
    const output = await new Response(await mistral.files.download({ fileId: done.outputFile ?? "" })).text();
    expect(parsed(output).map(({ custom_id, response }) => [custom_id, response.status_code])).toEqual([
      ["a", 200],
    ]);
    simulator.batches("mistral").plan = { questions: 100 };
    const other = await jobs.create({
      ...{ endpoint: "/v1/chat/completions", model: "m" },
      requests: [{ customId: "a", body: { messages } }],
    });
    expect((await jobs.cancel({ jobId: other.id })).status).toBe("CANCELLATION_REQUESTED");
    expect((await jobs.get({ jobId: other.id })).status).toBe("CANCELLED");
    expect((await jobs.list({})).data?.map(({ id }) => id)).toEqual([other.id, created.id]);
  });
});
