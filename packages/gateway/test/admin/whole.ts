import { loadPrices } from "ai-lib/cost";
import type { AdminParts } from "../../src/admin/parts.js";
import type { AdminSettings } from "../../src/admin/settings.js";
import { makePlan } from "../../src/config/plan.js";
import { parseText } from "../../src/config/source.js";
import type { KeyDirectory } from "../../src/keys/key-directory.js";
import { KeyService } from "../../src/keys/key-service.js";
import { LiveCalls } from "../../src/live/live-calls.js";
import type { LiveState } from "../../src/live/live-state.js";
import type { StoreLocation } from "../../src/store/location.js";
import { openStore } from "../../src/store/open-store.js";
import { callIdOf } from "../../src/store/packed-calls.js";
import type { Store } from "../../src/store/store.js";
import { StoredKeys } from "../../src/store/stored-keys.js";
import { call, packed } from "../support/calls.js";
import { type Started, startAdmin } from "./start.js";

const START = Date.parse("2026-11-28T10:00:00Z");

/** A configuration with every kind of part that has state. Its providers are never asked. */
const FILE = `
providers:
  one: { dialect: openai-chat, baseUrl: "http://127.0.0.1:9/v1", model: m }
  two: { dialect: openai-chat, baseUrl: "http://127.0.0.1:9/v1", model: m }
routes:
  chat:
    failover:
      - circuitBreaker: one
      - rateLimit: { concurrencyLimit: two, options: { limit: 4 } }
        options: { requestsPerMinute: 500 }
  cached: { cache: two, options: { ttlMs: 600000 } }
  busy: { leastBusy: [one, two] }
`;

/** An admin API over a store, with every part that its calls can need. */
export interface Whole {
  readonly admin: Started;
  readonly store: Store;
  readonly keys: KeyDirectory;
  readonly live: LiveState;
  /** The ids of the calls in the ledger; the first one has content. */
  readonly calls: readonly string[];
  /** How often the configuration was read again. */
  readonly reloads: () => number;
  close(): Promise<void>;
}

/** Starts one over a new store. @param change changes the parts that it would have */
export async function startWhole(
  location: StoreLocation,
  settings: Partial<AdminSettings> = {},
  change: (parts: Partial<AdminParts>) => Partial<AdminParts> = (parts) => parts,
): Promise<Whole> {
  const store = await openStore(location);
  const calls = Array.from({ length: 5 }, (_, index) => {
    const at = START + index * 60_000;
    return call(at, { id: callIdOf(at, index), key: "team-a", groups: ["acme"], user: "ann", tags: ["a"] });
  });
  const ids = calls.map(({ id }) => id);
  await store.write({
    calls: packed(calls),
    contents: [{ call: ids[0] ?? "", endedAt: START, request: '{"messages":[]}', response: '"pong"' }],
    rates: [
      {
        ...{ id: "aaaaaaaaaaaa", provider: "openai", model: "gpt-x", variant: "", since: START },
        ...{ price: { input: 1, output: 2 }, edited: false },
      },
    ],
  });
  const environment = {};
  const plan = await makePlan(parseText("gateway.yaml", FILE, "rev1"), {
    ...{ environment, prices: await loadPrices() },
  });
  const keys = await KeyService.open({ store: new StoredKeys(store.documents), history: store.usage });
  await keys.serve({ declared: { keys: [], groups: [] }, table: plan.table });
  const { directory } = keys;
  await directory.createGroup({ id: "acme", level: "organisation" });
  await directory.createKey({ id: "team-a", group: "acme", limits: [{ requests: 9, per: "hour" }] });
  let reloads = 0;
  const admin = await startAdmin(
    settings,
    change({
      ...{ keys: directory, limitsOf: (id, kind) => keys.limitsOf(id, kind) },
      preview: (call) => keys.preview(call),
      wasUsed: (kind, id) => keys.wasUsed(kind, id),
      ...{ audit: store.audit, usage: store.usage, rates: store.rates },
      served: {
        plan: () => plan,
        table: () => plan.table,
        readiness: () => ({ draining: false, revision: "rev1", reload: { at: START, ok: true } }),
        running: () => 0,
        calls: new LiveCalls(),
        reload: async () => {
          reloads++;
          return "rev1";
        },
      },
    }),
  );
  return {
    ...{ admin, store, keys: directory, live: plan.live, calls: ids },
    reloads: () => reloads,
    async close() {
      await admin.server.close();
      await keys.close();
      await store.close();
    },
  };
}
