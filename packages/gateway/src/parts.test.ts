import { Writable } from "node:stream";
import { loadPrices } from "ai-lib/cost";
import { expect, it } from "vitest";
import { makePlan } from "./config/plan.js";
import { parseText } from "./config/source.js";
import type { StorageSettings } from "./config/storage-settings.js";
import { KeyService } from "./keys/key-service.js";
import type { Storage } from "./ledger/storage.js";
import { partsOf, sinksOf } from "./parts.js";
import { StoreError } from "./store/store-thread.js";

/** A configuration that keeps contents. @param key the id of its key */
async function planOf(key: string) {
  const file = {
    providers: { up: { dialect: "openai-chat", baseUrl: "http://127.0.0.1:9/v1", model: "m" } },
    keys: { [key]: { secret: { env: "KEY" } } },
    ledger: { content: { days: 1 } },
  };
  return makePlan(parseText("gateway.json", JSON.stringify(file), "rev1"), {
    ...{ environment: { KEY: "a-key-of-the-file" }, prices: await loadPrices() },
  });
}

it("a configuration whose key the store has as well changes nothing, the settings of the ledger included", async () => {
  const keys = await KeyService.open();
  await keys.directory.createKey({ id: "doubled" });
  const applied: StorageSettings[] = [];
  const storage = { serve: (settings: StorageSettings) => applied.push(settings) } as unknown as Storage;
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  const io = { stdout, stderr: stdout, environment: {}, signal: new AbortController().signal };
  const context = { io, host: "127.0.0.1", keys, pepper: "", firstKey: undefined, open: false, storage };
  await expect(partsOf(await planOf("doubled"), context)).rejects.toMatchObject({
    code: "CONFIG_ERROR",
    message: expect.stringContaining("doubled"),
  });
  expect([applied, keys.directory.keys().map(({ managed }) => managed)]).toEqual([[], ["store"]]);
  await partsOf(await planOf("single"), context);
  expect(applied).toHaveLength(1);
});

it("standard error has why the store failed, once, and where the gateway has a fault of its own", () => {
  let written = "";
  const stderr = new Writable({
    write: (chunk, _encoding, done) => {
      written += chunk;
      done();
    },
  });
  const { onError } = sinksOf(
    { stdout: stderr, stderr, environment: {}, signal: new AbortController().signal },
    false,
  );
  for (let i = 0; i < 3; i++)
    onError?.(new StoreError("connect ECONNREFUSED 127.0.0.1:5432", "ECONNREFUSED", true));
  expect(written).toBe("The store failed: connect ECONNREFUSED 127.0.0.1:5432\n");
  onError?.(new TypeError("what a client sent"));
  expect(written).toMatch(/\nTypeError: a fault of the gateway\n\s+at .*parts\.test\.ts/);
  expect(written).not.toContain("what a client sent");
});
