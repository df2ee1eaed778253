import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cache, circuitBreaker, consecutiveFailures } from "ai-lib/resilience";
import { scripted } from "ai-lib/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CallRates } from "../src/ledger/call-rates.js";
import { LedgerQueue } from "../src/ledger/queue.js";
import { openStore } from "../src/store/open-store.js";
import type { Store } from "../src/store/store.js";
import { StoredKeys } from "../src/store/stored-keys.js";
import { type Limited, post, startLimited } from "./support/limited.js";

const price = { input: 2, output: 10 };
/** Opens at the first failure, for longer than a test. */
const BREAKER = { rules: [consecutiveFailures(1)], coolDownMs: 600_000, maxCoolDownMs: 600_000 };
const body = { model: "chat", max_tokens: 100, messages: [{ role: "user", content: "ping" }] };

let folder: string;
const open: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "limits-"));
});
afterAll(async () => {
  for (const one of open.reverse()) await one.close();
  await rm(folder, { recursive: true });
});

/** A process: a gateway with its own memory, over a store that outlives it. */
async function startProcess(): Promise<Limited> {
  const store = await openStore({ sqlite: join(folder, "store.db") });
  const ledger = new LedgerQueue({ store, report: () => undefined });
  const prices = { price: () => price, cost: () => undefined };
  ledger.serve({ rates: new CallRates(prices, () => undefined), content: undefined });
  const silent = scripted({ name: "silent", facts: { price }, replies: [{ silent: true }] });
  const up = scripted({
    name: "up",
    facts: { price },
    replies: [{ usage: { inputTokens: 20, outputTokens: 30 } }],
  });
  const pictures = scripted({ name: "pictures", kinds: ["image"], facts: { price } });
  const down = scripted({
    name: "down",
    facts: { price },
    replies: [{ error: { code: "PROVIDER_ERROR", message: "down" } }],
  });
  const limited = await startLimited({
    routes: { chat: up, silent, pictures, kept: cache(up), broken: circuitBreaker(down, BREAKER) },
    groups: [
      {
        id: "acme",
        limits: [
          { tokens: 10_000, per: "month" },
          { dollars: 1, per: "total" },
          { requests: 10, per: "day", window: "rolling" },
          { requests: 2, per: "hour", window: "rolling", routes: ["chat"] },
          { dollars: 1, per: "total", routes: ["pictures"] },
          { tokens: 10_000, per: "total", routes: ["ch*", "none"] },
          { requests: 10, per: "total", routes: ["kept", "broken"] },
        ],
      },
    ],
    key: { limits: [{ concurrent: 1 }] },
    storage: { options: { store: new StoredKeys(store.documents), history: store.usage }, ledger },
  });
  open.push(store, ledger, { close: () => limited.gateway.cut() });
  return limited;
}

/** Waits until a store has a call. */
async function written(store: Store, id: string): Promise<void> {
  for (let i = 0; i < 500 && (await store.usage.call(id)) === undefined; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

it("limits know after a crash what was used, and have what running calls held", async () => {
  const first = await startProcess();
  const { record, secret } = await first.service.directory.createKey({ group: undefined, name: "kept" });
  expect((await post(first, "/v1/chat/completions", body)).status).toBe(200);
  // This call never ends, and its process ends without a word.
  post(first, "/v1/chat/completions", { ...body, model: "silent" }).catch(() => undefined);
  for (let i = 0; i < 200 && (await first.buckets())["key ci: concurrent"]?.[1] !== 1; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect((await post(first, "/v1/chat/completions", body)).status).toBe(429);
  await new Promise((resolve) => setTimeout(resolve, 500));

  const second = await startProcess();
  expect(await second.buckets()).toEqual({
    "group acme: tokens per month": [50, 0],
    "group acme: dollars per total": [0.00034, 0],
    "group acme: requests per day, rolling": [1, 0],
    "group acme: requests of chat per hour, rolling": [1, 0],
    "group acme: dollars of pictures per total": [0, 0],
    "group acme: tokens of ch*, none per total": [50, 0],
    "group acme: requests of broken, kept per total": [0, 0],
    "key ci: concurrent": [0, 0],
  });
  expect(second.service.directory.find(secret)).toBe(record.id);
  expect((await post(second, "/v1/chat/completions", body)).status).toBe(200);
  const { status, body: text } = await post(second, "/v1/chat/completions", body);
  expect([status, text]).toEqual([
    429,
    expect.stringContaining("group acme: requests of chat per hour, rolling"),
  ]);
  expect((await second.buckets())["group acme: tokens per month"]).toEqual([100, 0]);
});

it("limits have after a crash what they counted for a picture without usage", async () => {
  const first = await startProcess();
  const used = async (limited: Limited) =>
    (await limited.buckets())["group acme: dollars of pictures per total"]?.[0];
  const { status, headers } = await post(first, "/v1/images/generations", {
    model: "pictures",
    prompt: "a cat",
  });
  expect(status).toBe(200);
  const charged = await used(first);
  expect(charged).toBeGreaterThan(0);
  const store = await openStore({ sqlite: join(folder, "store.db") });
  open.push(store);
  const id = String(headers["x-ai-lib-call"]);
  await written(store, id);
  expect(await store.usage.call(id)).toMatchObject({ dollars: charged, attempts: [{ estimated: true }] });
  expect(await used(await startProcess())).toBeCloseTo(charged ?? 0, 8);
});

it("limits have after a crash the requests that they counted: none for which nothing was sent", async () => {
  const first = await startProcess();
  const used = async (limited: Limited) =>
    (await limited.buckets())["group acme: requests of broken, kept per total"]?.[0];
  const statuses: number[] = [];
  let id = "";
  for (const model of ["kept", "kept", "broken", "broken"]) {
    const { status, headers } = await post(first, "/v1/chat/completions", { ...body, model });
    statuses.push(status);
    id = String(headers["x-ai-lib-call"]);
  }
  expect([statuses, first.rows.map(({ end }) => end.attempts.map(({ outcome }) => outcome))]).toEqual([
    [200, 200, 500, 503],
    [["success"], [], ["error"], ["skipped"]],
  ]);
  const store = await openStore({ sqlite: join(folder, "store.db") });
  open.push(store);
  await written(store, id);
  expect(await used(first)).toBe(2);
  expect(await used(await startProcess())).toBe(2);
});
