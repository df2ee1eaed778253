import { writeCursor } from "../../src/admin/cursor.js";
import type { Browser } from "./browser.js";
import type { Whole } from "./whole.js";

/** A valid request to one call of the admin API: it succeeds for each caller with the role. */
export interface ValidRequest {
  /** By the names of the parameters of the path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Cookies that it needs beside that of a session. */
  readonly cookies?: readonly string[];
}

/** What requests are made for. */
export interface Around extends Whole {
  /** An id that nothing has. */
  readonly fresh: string;
  /** A browser at the end of a login, and the address that it would go to next. */
  readonly loggingIn: () => Promise<{ readonly browser: Browser; readonly next: string }>;
}

const RATE = "aaaaaaaaaaaa";
const PATH = { id: "team-a" };
const ANY_VERSION = { "if-match": "*" };

let price = 0;

const freshKey = async ({ keys, fresh }: Around): Promise<ValidRequest> => {
  await keys.createKey({ id: fresh });
  return { params: { id: fresh }, headers: ANY_VERSION };
};
const freshGroup = async ({ keys, fresh }: Around): Promise<ValidRequest> => {
  await keys.createGroup({ id: fresh });
  return { params: { id: fresh }, headers: ANY_VERSION };
};
/** Selects the circuit breaker of a route, which is open or not. */
const circuit = ({ live }: Around, isOpen: boolean): ValidRequest => {
  const part = live.parts.find(({ word }) => word === "circuitBreaker");
  if (part === undefined) throw new Error("no route has a circuitBreaker");
  live.release(part, undefined);
  if (isOpen) live.isolate(part, undefined);
  return { params: { name: part.route }, body: { part: part.id } };
};

/**
 * One request for each call of the table, by its id, to what exists and with a whole body. A new call is red until it
 * has one.
 */
export const VALID_REQUESTS: Readonly<
  Record<string, (around: Around) => ValidRequest | Promise<ValidRequest>>
> = {
  getStatus: () => ({}),
  getOpenApi: () => ({}),
  getSession: () => ({}),
  beginLogin: () => ({ query: { returnTo: "/admin/v1/status" } }),
  finishLogin: async ({ loggingIn }) => {
    const { browser, next } = await loggingIn();
    const { origin, searchParams } = new URL(next);
    return {
      query: Object.fromEntries(searchParams),
      cookies: [...browser.jar(origin)].map(([name, value]) => `${name}=${value}`),
    };
  },
  endSession: () => ({}),
  getConfig: () => ({}),
  reloadConfig: () => ({}),
  listKeys: () => ({ query: { group: "acme" } }),
  createKey: ({ fresh }) => ({
    body: { id: fresh, group: "acme", kinds: ["chat"], limits: [{ requests: 5, per: "hour" }] },
  }),
  getKey: () => ({ params: PATH }),
  updateKey: async (around) => ({ ...(await freshKey(around)), body: { name: "Ana", models: ["m"] } }),
  rotateKey: async (around) => ({ ...(await freshKey(around)), body: { graceMs: 1_000 } }),
  revokeKey: freshKey,
  deleteKey: freshKey,
  getKeyLimits: () => ({ params: PATH }),
  listGroups: () => ({}),
  createGroup: ({ fresh }) => ({ body: { id: fresh, parent: "acme" } }),
  getGroup: () => ({ params: { id: "acme" } }),
  getGroupLimits: () => ({ params: { id: "acme" } }),
  updateGroup: async (around) => ({ ...(await freshGroup(around)), body: { name: "Search" } }),
  deleteGroup: freshGroup,
  getUsage: () => ({ query: { groupBy: "key", key: "team-a" } }),
  listRates: () => ({ query: { provider: "openai" } }),
  getRate: () => ({ params: { id: RATE } }),
  updateRate: () => ({
    params: { id: RATE },
    headers: ANY_VERSION,
    body: { price: { input: ++price, output: 2 } },
  }),
  listLogs: () => ({ query: { key: "team-a", limit: "2" } }),
  tailLogs: () => ({ headers: { "last-event-id": writeCursor({ at: 0, id: "" }) } }),
  getLog: ({ calls: [id = ""] }) => ({ params: { id } }),

  getLogContent: ({ calls: [id = ""] }) => ({ params: { id } }),
  listRoutes: () => ({}),
  getRoute: () => ({ params: { name: "chat" } }),
  releaseRoute: (around) => circuit(around, true),
  isolateRoute: (around) => circuit(around, false),
  purgeCache: () => ({ body: { route: "cached" } }),
  explain: () => ({
    body: { key: "team-a", model: "chat", request: { messages: [{ role: "user", content: "ping" }] } },
  }),
  listAudit: () => ({ query: { limit: "1" } }),
};
