import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Installed, install } from "../../../ai-lib/test/support/packed.js";
import { CallRates } from "../../src/ledger/call-rates.js";
import { LedgerQueue } from "../../src/ledger/queue.js";
import { openStore } from "../../src/store/open-store.js";
import { ThreadedStore } from "../../src/store/threaded-store.js";
import { ledgerRow } from "../support/rows.js";

let folder: string;
let installed: Installed;
let worker: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "store-thread-"));
  installed = await install("ai-lib-gateway", "ai-lib");
  const real = pathToFileURL(join(installed.package, "dist/store-worker.js"));
  // The thread of the gateway, which ends where it is asked to delete, and hangs where it is asked for rates.
  const text = `import { parentPort } from "node:worker_threads";
    const on = parentPort.on.bind(parentPort);
    parentPort.on = (event, listener) => on(event, (message) => {
      if (message.name === "prune") process.exit(1);
      if (message.name === "listRates") for (;;);
      listener(message);
    });
    await import(${JSON.stringify(real.href)});`;
  await writeFile(join(folder, "worker.mjs"), text);
  worker = pathToFileURL(join(folder, "worker.mjs"));
}, 180_000);
afterAll(async () => {
  await installed?.remove();
  await rm(folder, { recursive: true });
});

it("a thread that ends loses no call, and writes none twice", async () => {
  const place = { sqlite: join(folder, "ends.db") };
  const store = await ThreadedStore.open(place, worker);
  const queue = new LedgerQueue({ store });
  queue.serve({ rates: new CallRates({ price: () => undefined, cost: () => undefined }, () => undefined) });
  let made = 0;
  let ended = 0;
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 700; i++, made++) queue.record(ledgerRow());
    await sleep(20 * round);
    const error = await store.prune({}).catch((reason: unknown) => reason);
    expect(String(error)).toContain("The store is lost");
    expect(store.isTransient(error)).toBe(true);
    ended++;
  }
  for (let i = 0; i < 1_000 && queue.numbers().queued > 0; i++) await sleep(10);
  expect(queue.numbers()).toMatchObject({ queued: 0, written: made, droppedCalls: 0 });
  expect([ended, queue.numbers().failures > 0]).toEqual([5, true]);
  await queue.close();
  await store.close();
  const left = await openStore(place);
  expect((await left.usage.usage({ from: 0, to: Date.now() })).total).toMatchObject({
    calls: made,
    input: 5 * made,
  });
  await left.close();
}, 60_000);

it("a thread that hangs holds up neither the writer nor the end", async () => {
  const store = await ThreadedStore.open({ sqlite: join(folder, "hangs.db") }, worker);
  const hanging = store.rates.list().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(await store.documents.put("key", { id: "a", revision: 1, value: 1 })).toBe(true);
  const began = Date.now();
  await store.close();
  expect(Date.now() - began).toBeLessThan(15_000);
  expect(String(await hanging)).toContain("The store is lost");
  await expect(store.documents.get("key", "a")).rejects.toThrow("closed");
}, 30_000);
