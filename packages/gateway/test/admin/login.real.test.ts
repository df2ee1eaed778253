import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Authenticator } from "../../src/admin/auth/authenticator.js";
import type { Role } from "../../src/admin/auth/roles.js";
import type { AdminSettings, OidcSettings } from "../../src/admin/settings.js";
import { Directory } from "../../src/keys/directory.js";
import { MemoryKeyStore } from "../../src/keys/key-store.js";
import { Browser } from "./browser.js";
import { CLIENT_SECRET, IdentityProvider } from "./identity-provider.js";
import { SERVED, SETTINGS, type Started, startAdmin, TOKENS } from "./start.js";

let idp: IdentityProvider;
let oidc: OidcSettings;
let admin: Started;
let parts: { readonly keys: Directory };
let base: string;

const ROLES: ReadonlyMap<string, readonly Role[]> = new Map([
  ["admins", ["owner"]],
  ["staff", ["operator", "viewer"]],
  ["readers", ["viewer"]],
]);

beforeAll(async () => {
  idp = await IdentityProvider.start({
    ana: { name: "Ana", email: "ana@example.com", email_verified: true, groups: ["readers", "admins"] },
    ben: { name: "Ben", groups: ["readers"] },
    cleo: { name: "Cleo", email: "admins", groups: ["visitors"] },
    dan: { name: "Dan", groups: ["staff"] },
  });
  oidc = {
    issuer: new URL(idp.issuer),
    clientId: "gateway",
    clientSecret: CLIENT_SECRET,
    scopes: ["openid", "profile", "email"],
    claim: "groups",
    roles: ROLES,
  };
  parts = { keys: await Directory.open({ store: new MemoryKeyStore() }) };
  admin = await startAdmin({ oidc }, parts);
  base = `${admin.server.url}/admin/v1`;
  idp.serve([`${base}/login/callback`]);
});
afterAll(async () => {
  await admin.server.close();
  await idp.close();
});

/** Logs a person in, with a browser of their own. */
async function login(
  who: string,
  path = "/login",
): Promise<{ browser: Browser; status: number; body: Session }> {
  idp.who = who;
  const browser = new Browser();
  const { response } = await browser.follow(`${base}${path}`);
  return { browser, status: response.status, body: (await response.json()) as Session };
}

interface Session {
  readonly id?: string;
  readonly role?: string;
  readonly name?: string;
  readonly csrfToken: string;
  readonly error?: { readonly code: string };
}

const isCallback = (url: string) => url.startsWith(`${base}/login/callback`);

describe("login at a real OpenID provider", () => {
  it.each([
    ["ana", "owner"],
    ["dan", "operator"],
    ["ben", "viewer"],
  ])("gives %s the role %s", async (who, role) => {
    const { status, body } = await login(who);
    expect([status, body.id, body.role]).toEqual([200, `oidc:${who}`, role]);
  });

  it("begins no session for a person without a role, and notes who tried", async () => {
    const { browser, status, body } = await login("cleo");
    expect([status, body.error?.code]).toEqual([403, "forbidden"]);
    expect([...browser.jar(base).keys()]).not.toContain("ai_lib_session");
    const { body: audit } = await admin.call("GET", "/audit?action=session.begin&limit=1", { role: "owner" });
    expect(audit.data).toMatchObject([{ actor: "oidc:cleo", status: 403, details: { code: "forbidden" } }]);
  });

  it("redirects only to a path of this server", async () => {
    const { body } = await login("ana", "/login?returnTo=/admin/v1/status");
    expect(body).toMatchObject({ draining: false });
    for (const target of [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "/%0d%0aa:b c",
      "javascript:a",
    ]) {
      const response = await new Browser().get(`${base}/login?returnTo=${encodeURIComponent(target)}`);
      expect([target, response.status, response.headers.get("location")]).toEqual([target, 400, null]);
    }
  });

  it("begins at the public address, where the browser goes to another name of this machine", async () => {
    idp.who = "ana";
    const { port } = new URL(base);
    const browser = new Browser();
    const address = `http://localhost:${port}/admin/v1/login`;
    const { response } = await browser.follow(`${address}?returnTo=/admin/v1/session`);
    expect([response.status, await response.json()]).toMatchObject([200, { id: "oidc:ana" }]);
    expect(browser.visited.slice(0, 2)).toEqual([
      `${address}?returnTo=/admin/v1/session`,
      `${base}/login?returnTo=%2Fadmin%2Fv1%2Fsession`,
    ]);
    expect([...browser.jar(address).keys()]).toEqual([]);
  });

  it("accepts an answer once, and only in the browser in which the login began", async () => {
    idp.who = "ana";
    const browser = new Browser();
    const { next = "" } = await browser.follow(`${base}/login`, isCallback);
    expect(next).toContain("code=");
    const other = await new Browser().get(next);
    expect([other.status, await other.json()]).toMatchObject([401, { error: { code: "unauthenticated" } }]);
    const jar = new Map(browser.jar(base));
    expect((await browser.get(next)).status).toBe(302);
    for (const [name, value] of jar) browser.jar(base).set(name, value);
    expect((await browser.get(next)).status).toBe(401);
  });

  it.each([
    ["state", "other"],
    ["code", "other"],
    ["iss", "http://127.0.0.1:1"],
  ])("refuses an answer with another %s", async (name, value) => {
    idp.who = "ana";
    const browser = new Browser();
    const { next = "" } = await browser.follow(`${base}/login`, isCallback);
    const forged = new URL(next);
    forged.searchParams.set(name, value);
    const response = await browser.get(forged.href);
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { error: { code: "unauthenticated" } },
    ]);
    expect([...browser.jar(base).keys()]).not.toContain("ai_lib_session");
  });

  it("uses PKCE, state and nonce, each of one login", async () => {
    const seen = [];
    for (let i = 0; i < 2; i++) {
      const response = await new Browser().get(`${base}/login`);
      const { searchParams } = new URL(response.headers.get("location") ?? "");
      expect(searchParams.get("code_challenge_method")).toBe("S256");
      seen.push(...["code_challenge", "state", "nonce"].map((name) => searchParams.get(name)));
    }
    expect(seen).not.toContain(null);
    expect(new Set(seen).size).toBe(6);
  });

  it("fails without the right secret of the client, and without the provider", async () => {
    const wrong = await startAdmin({ oidc: { ...oidc, clientSecret: "another-secret-of-a-client" } }, parts);
    const callback = `${wrong.server.url}/admin/v1/login/callback`;
    idp.serve([callback, `${base}/login/callback`]);
    idp.who = "ana";
    const { response } = await new Browser().follow(`${wrong.server.url}/admin/v1/login`);
    expect([response.status, await response.text()]).toEqual([
      401,
      expect.stringContaining("did not confirm"),
    ]);
    await wrong.server.close();

    const away = await startAdmin({ oidc: { ...oidc, issuer: new URL("http://127.0.0.1:9") } }, parts);
    const failed = await new Browser().get(`${away.server.url}/admin/v1/login`);
    expect([failed.status, await failed.json()]).toMatchObject([
      502,
      { error: { code: "identity_provider_failed" } },
    ]);
    await away.server.close();

    const none = await startAdmin({}, parts);
    expect((await new Browser().get(`${none.server.url}/admin/v1/login`)).status).toBe(501);
    await none.server.close();
  });

  it("takes no role from an address that the provider has not verified", async () => {
    const byEmail = {
      ...oidc,
      claim: "email",
      roles: new Map([
        ["admins", ["owner" as const]],
        ["ana@example.com", ["operator" as const]],
      ]),
    };
    const own = await startAdmin({ oidc: byEmail }, parts);
    const url = `${own.server.url}/admin/v1`;
    idp.serve([`${url}/login/callback`, `${base}/login/callback`]);
    const roles = [];
    for (const who of ["ana", "cleo"]) {
      idp.who = who;
      roles.push(((await (await new Browser().follow(`${url}/login`)).response.json()) as Session).role);
    }
    expect(roles).toEqual(["operator", undefined]);
    await own.server.close();
  });
});

describe("a session", () => {
  it("is a cookie that scripts cannot read and other sites' requests do not carry", async () => {
    const { browser } = await login("ana");
    const line = browser.set.find((text) => text.startsWith("ai_lib_session="));
    expect(line).toMatch(/; HttpOnly; SameSite=Lax; Max-Age=43200$/);
    const secure = await startAdmin({ oidc, publicUrl: new URL("https://admin.example.com") }, parts);
    const response = await new Browser().get(`${secure.server.url}/admin/v1/login`);
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-ai_lib_login=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
    );
    expect(new URL(response.headers.get("location") ?? "").searchParams.get("redirect_uri")).toBe(
      "https://admin.example.com/admin/v1/login/callback",
    );
    await secure.server.close();
  });

  it("changes nothing without its CSRF token, or from another site", async () => {
    const { browser, body } = await login("ana");
    const create = (headers: Record<string, string>) =>
      browser.send("POST", `${base}/keys`, { headers, body: { name: "csrf" } });
    const token = body.csrfToken;
    const { csrfToken: foreign } = (await login("ana")).body;
    for (const headers of [
      {},
      { "x-csrf-token": "" },
      { "x-csrf-token": `${token}x` },
      { "x-csrf-token": foreign },
      { "x-csrf-token": token, origin: "https://evil.example" },
      { "x-csrf-token": token, origin: "null" },
      { "x-csrf-token": token, "sec-fetch-site": "cross-site" },
      { "x-csrf-token": token, "sec-fetch-site": "same-site" },
    ] as Record<string, string>[]) {
      const response = await create(headers);
      expect([headers, response.status, await response.json()]).toMatchObject([
        headers,
        403,
        { error: { code: "csrf_failed" } },
      ]);
    }
    const right = await create({
      "x-csrf-token": token,
      origin: admin.server.url,
      "sec-fetch-site": "same-origin",
    });
    expect(right.status).toBe(201);
    const { body: audit } = await admin.call("GET", "/audit?action=key.create&actor=oidc:ana&limit=1", {
      role: "owner",
    });
    expect(audit.data).toMatchObject([{ role: "owner", status: 201, details: { name: "ana@example.com" } }]);
  });

  it("has its role and no more", async () => {
    const { browser, body } = await login("ben");
    const headers = { "x-csrf-token": body.csrfToken };
    const response = await browser.send("POST", `${base}/keys`, { headers, body: {} });
    expect([response.status, await response.json()]).toMatchObject([403, { error: { code: "forbidden" } }]);
    expect((await browser.get(`${base}/keys`)).status).toBe(200);
  });

  it("is not tried where a token is wrong", async () => {
    const { browser } = await login("ana");
    expect((await browser.get(`${base}/status`, { authorization: "Bearer wrong" })).status).toBe(401);
  });

  it("ends with a logout", async () => {
    const { browser, body } = await login("ana");
    const before = new Map(browser.jar(base));
    const out = await browser.send("DELETE", `${base}/session`, {
      headers: { "x-csrf-token": body.csrfToken },
    });
    expect([out.status, [...browser.jar(base).keys()]]).toEqual([204, []]);
    for (const [name, value] of before) browser.jar(base).set(name, value);
    expect((await browser.get(`${base}/session`)).status).toBe(401);
  });

  it("loses its role with a reload that removes it, and continues after any other reload", async () => {
    const { browser } = await login("ana");
    let auth: Authenticator | undefined;
    const own = await startAdmin({ oidc }, parts);
    const options = (settings: AdminSettings) => ({
      ...own.options,
      parts: (origin: string) => {
        auth = new Authenticator(settings, auth?.sessions);
        return { auth, origin, served: SERVED, audit: own.audit, ...parts };
      },
    });
    const settings = { ...SETTINGS, oidc };
    own.server.replace(settings, options(settings));
    const url = `${own.server.url}/admin/v1`;
    idp.serve([`${url}/login/callback`, `${base}/login/callback`]);
    idp.who = "ana";
    await browser.follow(`${url}/login`);
    const roleNow = async () => ((await (await browser.get(`${url}/session`)).json()) as Session).role;
    expect(await roleNow()).toBe("owner");
    own.server.replace(settings, options(settings));
    expect(await roleNow()).toBe("owner");
    const less = { ...settings, oidc: { ...oidc, roles: new Map([["readers", ["viewer" as const]]]) } };
    own.server.replace(less, options(less));
    expect(await roleNow()).toBe("viewer");
    const gone = { ...settings, oidc: { ...oidc, roles: new Map([["others", ["viewer" as const]]]) } };
    own.server.replace(gone, options(gone));
    expect(await roleNow()).toBeUndefined();
    await own.server.close();
  });
});

describe("no log, audit entry or address", () => {
  it("has a code, a cookie, a CSRF token or a secret of the client", async () => {
    const { browser, body } = await login("ana");
    const secrets = [CLIENT_SECRET, body.csrfToken, ...Object.values(TOKENS)];
    for (const [, value] of browser.jar(base)) secrets.push(value);
    for (const address of browser.visited.filter(isCallback))
      secrets.push(new URL(address).searchParams.get("code") ?? "no code");
    expect(secrets.length).toBeGreaterThan(5);
    const audit = await admin.call("GET", "/audit?limit=200", { role: "owner" });
    const text = [...admin.logs, audit.text, ...browser.visited.filter((url) => !isCallback(url))].join("\n");
    expect(text).toContain("finishLogin");
    for (const secret of secrets) expect(text.includes(secret)).toBe(false);
    expect(admin.faults).toEqual([]);
  });
});
