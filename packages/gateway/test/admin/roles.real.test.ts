import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Role } from "../../src/admin/auth/roles.js";
import type { AdminRoute } from "../../src/admin/route.js";
import { ROUTES } from "../../src/admin/table.js";
import { Browser } from "./browser.js";
import { CLIENT_SECRET, IdentityProvider } from "./identity-provider.js";
import { EXPECTED_ROLES } from "./roles.js";
import { TOKENS } from "./start.js";
import { VALID_REQUESTS, type ValidRequest } from "./valid-requests.js";
import { startWhole, type Whole } from "./whole.js";

const ROLES = ["viewer", "operator", "owner"] as const;

let idp: IdentityProvider;
let whole: Whole;
let base: string;
let purges = 0;
let names = 0;

beforeAll(async () => {
  idp = await IdentityProvider.start(
    Object.fromEntries(ROLES.map((role) => [role, { name: role, groups: [role] }])),
  );
  const oidc = {
    ...{ issuer: new URL(idp.issuer), clientId: "gateway", clientSecret: CLIENT_SECRET },
    ...{ scopes: ["openid", "profile"], claim: "groups" },
    roles: new Map<string, readonly Role[]>(ROLES.map((role) => [role, [role]])),
  };
  // One address calls more often here than operators do in a minute.
  whole = await startWhole({ sqlite: ":memory:" }, { oidc, changesPerMinute: 100_000 });
  base = `${whole.admin.server.url}/admin/v1`;
  idp.serve([`${base}/login/callback`]);
  for (const { cache } of whole.live.parts)
    if (cache !== undefined) vi.spyOn(cache, "purge").mockImplementation(() => void purges++);
});
afterAll(async () => {
  await whole?.close();
  await idp?.close();
});

/** Who calls: their role, if they have one, and what they send with a request. */
interface Caller {
  readonly role: Role | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  /** What a change of a session needs; nothing for others. */
  readonly csrf: Readonly<Record<string, string>>;
  readonly actor: string;
}

const NOBODY: Caller = { role: undefined, headers: {}, cookies: [], csrf: {}, actor: "anyone" };

function byToken(role: Role): Caller {
  const headers = { authorization: `Bearer ${TOKENS[role]}` };
  return { ...NOBODY, role, headers, actor: `token:the-${role}` };
}

/** A session of a person, after a login at the identity provider. */
async function bySession(role: Role): Promise<Caller> {
  idp.who = role;
  const browser = new Browser();
  const { response } = await browser.follow(`${base}/login`);
  const session = (await response.json()) as { readonly role: string; readonly csrfToken: string };
  expect(session.role).toBe(role);
  const cookies = [...browser.jar(base)].map(([name, value]) => `${name}=${value}`);
  const csrf = { "x-csrf-token": session.csrfToken, origin: whole.admin.server.url };
  return { role, headers: {}, cookies, csrf, actor: `oidc:${role}` };
}

/** A session that its person ended. */
async function byEndedSession(): Promise<Caller> {
  const { cookies, csrf } = await bySession("owner");
  const headers = { cookie: cookies.join("; "), ...csrf };
  expect((await fetch(`${base}/session`, { method: "DELETE", headers })).status).toBe(204);
  return { ...NOBODY, cookies, csrf };
}

const CALLERS: Readonly<Record<string, () => Caller | Promise<Caller>>> = {
  ...Object.fromEntries(ROLES.map((role) => [`the token of a ${role}`, () => byToken(role)])),
  ...Object.fromEntries(ROLES.map((role) => [`the session of a ${role}`, () => bySession(role)])),
  nobody: () => NOBODY,
  "an unknown token": () => ({
    ...NOBODY,
    headers: { authorization: "Bearer an-unknown-token-of-enough-characters" },
  }),
  "a session that has ended": byEndedSession,
};

/** A valid request to a route. What it is about exists, and nothing else has changed since the last one. */
async function requestTo({ id }: AdminRoute): Promise<ValidRequest> {
  const loggingIn = async () => {
    idp.who = "owner";
    const browser = new Browser();
    const isCallback = (url: string) => url.startsWith(`${base}/login/callback`);
    const { next = "" } = await browser.follow(`${base}/login`, isCallback);
    return { browser, next };
  };
  const make = VALID_REQUESTS[id];
  if (make === undefined) throw new Error(`${id} has no valid request: write one`);
  return make({ ...whole, fresh: `fresh-${++names}`, loggingIn });
}

interface Sent {
  readonly status: number;
  readonly type: string | null;
  /** The code of an error. */
  readonly code: string | undefined;
  readonly fields: readonly string[];
}

async function send(
  { method, path }: AdminRoute,
  { params = {}, query = {}, body, headers, cookies = [] }: ValidRequest,
  caller: Caller,
): Promise<Sent> {
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const cookie = [...caller.cookies, ...cookies].join("; ");
  const response = await fetch(`${base}${place}?${new URLSearchParams(query)}`, {
    ...{ method, redirect: "manual" },
    headers: {
      ...(cookie !== "" && { cookie }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
      ...caller.headers,
      ...caller.csrf,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { status } = response;
  const type = response.headers.get("content-type");
  if (type !== "application/json") {
    await response.body?.cancel();
    return { status, type, code: undefined, fields: [] };
  }
  const answer = (await response.json()) as { readonly error?: { readonly code: string } };
  return { status, type, code: answer.error?.code, fields: Object.keys(answer) };
}

/** Everything that a call of the API can change, apart from sessions. */
async function state(): Promise<unknown> {
  const { store, live, reloads } = whole;
  const now = Date.now();
  return {
    keys: await store.documents.list("key"),
    groups: await store.documents.list("group"),
    rates: await store.rates.list(),
    parts: live.parts.map((part) => [part.id, live.circuits(part, now), live.cooldowns(part, now)]),
    ...{ purges, reloads: reloads() },
  };
}

/** The latest entries of the audit log, the last one first. */
async function audit() {
  return (await whole.store.audit.read({ limit: 2 })).entries;
}

/** The session of a caller, as it is now. */
async function isAlive({ cookies }: Caller): Promise<boolean> {
  return (await fetch(`${base}/session`, { headers: { cookie: cookies.join("; ") } })).status === 200;
}

function mayCall({ role }: Caller, needed: string | undefined): boolean {
  if (needed === "anyone") return true;
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(needed as Role);
}

it("roles are decided, and tried with a valid request, for every route", () => {
  expect(Object.fromEntries(ROUTES.map(({ id, role }) => [id, role]))).toEqual(EXPECTED_ROLES);
  expect(Object.keys(VALID_REQUESTS).sort()).toEqual(ROUTES.map(({ id }) => id).sort());
});

describe.each(Object.entries(CALLERS))("%s", (_, find) => {
  let caller: Caller;
  beforeAll(async () => {
    caller = await find();
  });

  it.each(ROUTES.map((route) => [route.id, route] as const))(
    "calls %s as its role allows",
    async (id, route) => {
      const own = id === "endSession" ? await find() : caller;
      const request = await requestTo(route);
      const before = await state();
      const [lastEntry] = await audit();
      const sent = await send(route, request, route.action === undefined ? { ...own, csrf: {} } : own);
      const entries = (await audit()).filter(({ id: entry }) => entry > (lastEntry?.id ?? ""));

      if (mayCall(own, EXPECTED_ROLES[id])) {
        const { status = route.reply === undefined && route.stream === undefined ? 204 : 200 } = route;
        expect(sent).toMatchObject({ status, code: undefined });
        if (route.stream !== undefined) expect(sent.type).toBe("text/event-stream");
        // The end of no session, and what only reads, has no entry.
        const isChange = route.action !== undefined && !(id === "endSession" && own.cookies.length === 0);
        expect(entries).toMatchObject(
          isChange
            ? [
                {
                  action: route.action,
                  status,
                  ...(route.role !== "anyone" && { actor: own.actor, role: own.role }),
                },
              ]
            : [],
        );
        if (isChange && !id.endsWith("Login") && id !== "endSession")
          expect(await state()).not.toEqual(before);
        else expect(await state()).toEqual(before);
        if (id === "endSession" && own.cookies.length > 0) expect(await isAlive(own)).toBe(false);
        return;
      }
      const code = own.role === undefined ? "unauthenticated" : "forbidden";
      expect(sent).toEqual({
        ...{ status: own.role === undefined ? 401 : 403, code },
        ...{ type: "application/json", fields: ["error"] },
      });
      expect(await state()).toEqual(before);
      // Who tried to change something is noted, where it is known who that was.
      expect(entries).toMatchObject(
        route.action === undefined || own.role === undefined
          ? []
          : [{ action: route.action, actor: own.actor, role: own.role, status: 403, details: { code } }],
      );
    },
  );
});

describe("a session of an owner", () => {
  const CHANGES = ROUTES.filter(({ role, action }) => role !== "anyone" && action !== undefined);
  let caller: Caller;
  let another: Caller;
  beforeAll(async () => {
    caller = await bySession("owner");
    another = await bySession("owner");
  });

  const FAULTS: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
    "without its CSRF token": () => ({ origin: whole.admin.server.url }),
    "with the CSRF token of another session": () => another.csrf,
    "from a page of another site": () => ({ ...caller.csrf, origin: "https://evil.example" }),
    "from a page without an origin": () => ({ ...caller.csrf, origin: "null" }),
    "by a form of another site": () => ({ ...caller.csrf, "sec-fetch-site": "cross-site" }),
    "from another host of its site": () => ({ ...caller.csrf, "sec-fetch-site": "same-site" }),
  };

  it.each(CHANGES.flatMap((route) => Object.keys(FAULTS).map((fault) => [route.id, fault, route] as const)))(
    "cannot call %s %s",
    async (_, fault, route) => {
      const request = await requestTo(route);
      const before = await state();
      const sent = await send(route, request, { ...caller, csrf: FAULTS[fault]?.() ?? {} });
      expect(sent).toMatchObject({ status: 403, code: "csrf_failed", fields: ["error"] });
      expect(await state()).toEqual(before);
      expect(await isAlive(caller)).toBe(true);
      const [entry] = await audit();
      expect(entry).toMatchObject({ action: route.action, status: 403, details: { code: "csrf_failed" } });
    },
  );
});
