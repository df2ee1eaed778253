import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Installed, install } from "../../../ai-lib/test/support/packed.js";
import type { StoreLocation } from "../../src/store/location.js";
import { openStore } from "../../src/store/open-store.js";
import { Link } from "../support/link.js";
import { type Postgres, startPostgres } from "../support/postgres.js";
import { GatewayProcess, startUpstream } from "../support/process.js";

let folder: string;
let installed: Installed;
let postgres: Postgres;
let upstream: Server & { readonly url: string };

beforeAll(async () => {
  [folder, installed, postgres, upstream] = await Promise.all([
    mkdtemp(join(tmpdir(), "gateway-lost-")),
    install("ai-lib-gateway", "ai-lib"),
    startPostgres(),
    startUpstream(),
  ]);
}, 180_000);
afterAll(async () => {
  upstream?.close();
  await postgres?.close();
  await installed?.remove();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

async function start(location: StoreLocation): Promise<GatewayProcess> {
  const file = join(folder, "gateway.json");
  const store = "sqlite" in location ? location : { postgres: { env: "DATABASE_URL" } };
  const config = {
    ...{
      listen: { port: 0 },
      logs: { access: false },
      metrics: { open: true },
      routes: { chat: "up" },
      store,
    },
    keys: { team: { secret: { env: "TEAM_KEY" }, limits: [{ requests: 100_000, per: "month" }] } },
    providers: { up: { dialect: "openai-chat", baseUrl: `${upstream.url}/v1`, model: "m" } },
  };
  await writeFile(file, JSON.stringify(config));
  return GatewayProcess.start(installed.package, file, {
    TEAM_KEY: "a-key-of-this-test",
    ...("postgres" in location && { DATABASE_URL: location.postgres }),
  });
}

/** Makes a call. @returns how long it took, in milliseconds */
async function ask(gateway: GatewayProcess): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer a-key-of-this-test" },
    body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "ping" }] }),
  });
  await response.arrayBuffer();
  expect(response.status).toBe(200);
  return performance.now() - began;
}

/** Makes calls for some time. @returns how long each took, the shortest first */
async function askFor(gateway: GatewayProcess, ms: number): Promise<number[]> {
  const until = Date.now() + ms;
  const times: number[] = [];
  while (Date.now() < until) times.push(await ask(gateway));
  return times.sort((a, b) => a - b);
}

function medianOf(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Milliseconds within which the median call stays that does not wait for the store: others may use the machine. */
function asBefore(before: readonly number[]): number {
  return 50 + 5 * medianOf(before);
}

/** A number of the ledger. */
async function metric(gateway: GatewayProcess, name: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`ai_lib_gateway_ledger_${name} `));
  return Number(line?.split(" ")[1]);
}

async function stored(location: StoreLocation): Promise<number> {
  const store = await openStore(location);
  const { total } = await store.usage.usage({ from: 0, to: Date.now() });
  await store.close();
  return total.calls;
}

describe("a gateway whose PostgreSQL", () => {
  it("crashes answers as before, and has each call once afterwards", async () => {
    const place = { postgres: await postgres.database("crashes") };
    const gateway = await start(place);
    let made = 0;
    for (let round = 0; round < 2; round++) {
      const before = await askFor(gateway, 500);
      made += before.length;
      await postgres.kill();
      const times = await askFor(gateway, 1_000);
      made += times.length;
      expect(medianOf(times)).toBeLessThan(asBefore(before));
      await postgres.restart();
    }
    for (let i = 0; i < 1_500 && (await metric(gateway, "queued")) > 0; i++) await sleep(10);
    expect(await metric(gateway, "written_total")).toBe(made);
    expect(await metric(gateway, "failures_total")).toBeGreaterThan(0);
    expect(gateway.output).toContain("The ledger cannot be written");
    expect(await gateway.end()).toBe(0);
    expect(await stored(place)).toBe(made);
  }, 60_000);

  it("does not answer any more answers as before, and ends within 20 seconds", async () => {
    const place = await postgres.database("silent");
    const link = await Link.to(Number(new URL(place).port));
    const gateway = await start({ postgres: link.url(place) });
    const before = await askFor(gateway, 300);
    link.stall();
    const times = await askFor(gateway, 2_000);
    expect(medianOf(times)).toBeLessThan(asBefore(before));
    expect(await metric(gateway, "queued")).toBeGreaterThan(0);
    const began = Date.now();
    expect(await gateway.end()).toBe(0);
    expect(Date.now() - began).toBeLessThan(20_000);
    await link.close();
  }, 60_000);
});

describe("a gateway whose file of SQLite", () => {
  it("is deleted answers as before, says so, and makes a new one at its next start", async () => {
    const place = { sqlite: join(folder, "deleted.db") };
    const gateway = await start(place);
    await askFor(gateway, 300);
    await rm(place.sqlite);
    await askFor(gateway, 1_000);
    expect(gateway.output).toContain(`${place.sqlite} was deleted`);
    expect(await metric(gateway, "queued")).toBeGreaterThan(0);
    expect(await gateway.end()).toBe(0);
    const second = await start(place);
    await ask(second);
    expect(await second.end()).toBe(0);
    expect(await stored(place)).toBe(1);
  }, 60_000);
});
