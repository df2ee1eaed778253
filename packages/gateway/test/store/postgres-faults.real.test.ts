import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CallRates } from "../../src/ledger/call-rates.js";
import { LedgerQueue } from "../../src/ledger/queue.js";
import { openStore } from "../../src/store/open-store.js";
import { openPostgres } from "../../src/store/sql/postgres.js";
import { SqlStore } from "../../src/store/sql/store.js";
import { call, packed } from "../support/calls.js";
import { Link } from "../support/link.js";
import { type Postgres, startPostgres } from "../support/postgres.js";
import { ledgerRow } from "../support/rows.js";

/** Short, so that a silent server is noticed within the time of a test. */
const LIMITS = { statementMs: 600, silenceMs: 200 };

let postgres: Postgres;
let link: Link;
let place: string;
let count = 0;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres?.close(), 60_000);
beforeEach(async () => {
  place = await postgres.database(`faults_${++count}`);
  link = await Link.to(Number(new URL(place).port));
});
afterEach(() => link.close());

/** A store whose connections the link carries. */
async function openBehindLink(): Promise<SqlStore> {
  return SqlStore.open(await openPostgres(link.url(place), LIMITS), Date.now);
}

function queueOf(store: SqlStore): LedgerQueue {
  const queue = new LedgerQueue({ store });
  const price = { input: 1, output: 1 };
  queue.serve({ rates: new CallRates({ price: () => price, cost: () => undefined }, () => undefined) });
  return queue;
}

/** What the store has, read without the link. */
async function stored(): Promise<{ calls: number; sums: number; input: number; unpriced: number }> {
  const store = await openStore({ postgres: place });
  const ids = new Set<string>();
  for (let before: { at: number; id: string } | undefined, more = true; more; ) {
    const page = await store.usage.calls({ limit: 1_000, ...(before !== undefined && { before }) });
    for (const { id } of page.calls) ids.add(id);
    before = page.next;
    more = before !== undefined;
  }
  const { total } = await store.usage.usage({ from: 0, to: Date.now() });
  await store.close();
  return { calls: ids.size, sums: total.calls, input: total.input, unpriced: total.unpriced };
}

/** Waits for something, for 15 seconds at most. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1_500 && !holds(); i++) await sleep(10);
  expect(holds()).toBe(true);
}

describe("a ledger in PostgreSQL", () => {
  it("has each call once after stalls, cut and reset connections, crashes and frozen servers", async () => {
    const store = await openBehindLink();
    const queue = queueOf(store);
    let made = 0;
    const faults = [
      ["stall", () => link.stall(), () => link.resume()],
      ["reset", () => link.reset(), () => undefined],
      ["cut", () => link.cut(), () => undefined],
      ["freeze", () => postgres.freeze(), () => postgres.thaw()],
      ["crash", () => postgres.kill(), () => postgres.restart()],
    ] as const;
    for (const [, begin, end] of [...faults, ...faults]) {
      for (let i = 0; i < 40; i++) {
        for (let n = 0; n < 20; n++) {
          queue.record(ledgerRow());
          made++;
        }
        await sleep(5);
      }
      await begin();
      for (let i = 0; i < 100; i++) {
        queue.record(ledgerRow());
        made++;
        await sleep(10);
      }
      await end();
    }
    await until(() => queue.numbers().queued === 0);
    expect(queue.numbers()).toMatchObject({ written: made, droppedCalls: 0 });
    expect(queue.numbers().failures).toBeGreaterThan(0);
    await queue.close();
    await store.close();
    expect(await stored()).toEqual({ calls: made, sums: made, input: 5 * made, unpriced: 0 });
  }, 120_000);

  it("counts a call once although its first try ends during the second", async () => {
    const first = await openStore({ postgres: link.url(place) });
    const store = await openBehindLink();
    const batch = { calls: packed([call(Date.now())]), contents: [], rates: [] };
    let commits = 0;
    link.onSent = (bytes) => (bytes.includes("COMMIT") && commits++ === 0 ? "hold" : "pass");
    const late = first.write(batch);
    await until(() => commits === 1);
    const second = store.write(batch, true).catch((reason: unknown) => reason);
    // The second one has looked for the call, and waits for the first one, which has inserted it.
    await sleep(200);
    link.deliver();
    await late;
    const error = await second;
    expect(error).toMatchObject({ name: "WrittenMeanwhile" });
    expect(store.isTransient(error)).toBe(true);
    await store.write(batch, true);
    await store.close();
    await first.close();
    expect(await stored()).toMatchObject({ calls: 1, sums: 1, input: 100 });
  });

  it("ends a transaction whose client is cut off, so that its rows are not locked", async () => {
    const store = await openBehindLink();
    const batch = { calls: packed([call(Date.now())]), contents: [], rates: [] };
    let commits = 0;
    link.onSent = (bytes) => (bytes.includes("COMMIT") && commits++ === 0 ? "hold" : "pass");
    const error = await store.write(batch).catch((reason: unknown) => reason);
    expect(store.isTransient(error)).toBe(true);
    // The server has not heard of the end of the connection.
    await store.write(batch, true);
    link.deliver();
    await store.close();
    expect(await stored()).toMatchObject({ calls: 1, sums: 1, input: 100 });
  });

  it.each([
    ["a password that was changed", "28P01"],
    ["a user that may not connect any more", "28000"],
    ["a server that only reads", "25006"],
    ["a table that is missing", "42P01"],
    ["a right that was taken", "42501"],
    ["too many connections", "53300"],
    ["damaged data", "XX001"],
  ])("waits after %s", async (_, code) => {
    const store = await openBehindLink();
    expect(store.isTransient(Object.assign(new Error("no"), { code, severity: "ERROR" }))).toBe(true);
    for (const ofValues of ["22003", "22021", "23502", "54000"])
      expect(store.isTransient(Object.assign(new Error("no"), { code: ofValues, severity: "ERROR" }))).toBe(
        false,
      );
    expect(store.isTransient(new RangeError("Invalid string length"))).toBe(false);
    await store.close();
  });

  it("waits while its user may neither connect nor write, and writes afterwards", async () => {
    const admin = new pg.Client({ connectionString: place });
    await admin.connect();
    await admin.query("CREATE ROLE writer LOGIN; GRANT ALL ON SCHEMA public TO writer");
    const url = new URL(link.url(place));
    url.username = "writer";
    const store = await SqlStore.open(await openPostgres(url.href, LIMITS), Date.now);
    const queue = queueOf(store);
    queue.record(ledgerRow());
    await until(() => queue.numbers().written === 1);
    for (const [take, give] of [
      ["ALTER ROLE writer NOLOGIN", "ALTER ROLE writer LOGIN"],
      ["REVOKE ALL ON gateway_log FROM writer", "GRANT ALL ON gateway_log TO writer"],
      ["ALTER ROLE writer SET default_transaction_read_only = on", "ALTER ROLE writer RESET ALL"],
      ["ALTER ROLE writer CONNECTION LIMIT 0", "ALTER ROLE writer CONNECTION LIMIT -1"],
      ["ALTER TABLE gateway_log RENAME TO gone", "ALTER TABLE gone RENAME TO gateway_log"],
    ] as const) {
      const { written, failures } = queue.numbers();
      await admin.query(take);
      link.reset();
      for (let i = 0; i < 10; i++) queue.record(ledgerRow());
      await until(() => queue.numbers().failures >= failures + 2);
      expect([take, queue.numbers()]).toMatchObject([take, { queued: 10, droppedCalls: 0 }]);
      await admin.query(give);
      link.reset();
      await until(() => queue.numbers().queued === 0);
      expect(queue.numbers()).toMatchObject({ written: written + 10, droppedCalls: 0 });
    }
    await queue.close();
    await store.close();
    await admin.end();
    expect(await stored()).toMatchObject({ calls: 51, sums: 51 });
  }, 60_000);

  it("is upgraded although another process upgrades for longer than a statement may take", async () => {
    const other = new pg.Client({ connectionString: place });
    await other.connect();
    await other.query("BEGIN; SELECT pg_advisory_xact_lock(4100736182)");
    const opening = openBehindLink();
    await sleep(1_500);
    await other.query("COMMIT");
    await other.end();
    await (await opening).close();
  });
});
