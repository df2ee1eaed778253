import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OidcSettings } from "../../src/admin/settings.js";
import { Browser } from "./browser.js";
import { type Falsehood, FalseProvider } from "./false-provider.js";
import { CLIENT_SECRET, IdentityProvider } from "./identity-provider.js";
import { type Started, startAdmin } from "./start.js";

let provider: FalseProvider;
let admin: Started;
let base: string;

function oidcOf(issuer: string): OidcSettings {
  return {
    ...{ issuer: new URL(issuer), clientId: "gateway", clientSecret: CLIENT_SECRET, claim: "groups" },
    ...{ scopes: ["openid"], roles: new Map([["admins", ["owner" as const]]]) },
  };
}

beforeAll(async () => {
  provider = await FalseProvider.start(CLIENT_SECRET);
});
beforeEach(async () => {
  provider.falsehood = {};
  admin = await startAdmin({ oidc: oidcOf(provider.issuer) });
  base = `${admin.server.url}/admin/v1`;
  return () => admin.server.close();
});
afterAll(() => provider.close());

async function login(browser = new Browser()): Promise<{ status: number; code?: string; role?: string }> {
  const { response } = await browser.follow(`${base}/login`);
  const body = (await response.json()) as { error?: { code: string }; role?: string };
  return {
    status: response.status,
    ...(body.error !== undefined && { code: body.error.code }),
    ...(body.role !== undefined && { role: body.role }),
  };
}

describe("an identity provider", () => {
  it("that is honest logs a person in, also where the audience is a list", async () => {
    expect(await login()).toEqual({ status: 200, role: "owner" });
    provider.falsehood = { claims: { aud: ["gateway", "another"], azp: "gateway" } };
    expect(await login()).toEqual({ status: 200, role: "owner" });
  });

  const past = Math.floor(Date.now() / 1_000) - 3_600;
  const falsehoods: readonly [string, Falsehood][] = [
    ["unsigned", { signature: "none" }],
    ["signed with another key", { signature: "another key" }],
    ["signed with the secret of the client", { signature: "client secret" }],
    ["with an algorithm that its signature has not", { header: { alg: "none" } }],
    ["with an unknown key", { header: { kid: "two" } }],
    ["with a critical header that nobody knows", { header: { crit: ["a"], a: 1 } }],
    ["of another login", { claims: { nonce: "another" } }],
    ["without a nonce", { claims: { nonce: undefined } }],
    ["that has expired", { claims: { iat: past - 60, exp: past } }],
    ["without an end", { claims: { exp: undefined } }],
    ["that is not valid yet", { claims: { nbf: past + 90_000 } }],
    ["of another issuer", { claims: { iss: "https://evil.example" } }],
    ["for another client", { claims: { aud: "another" } }],
    [
      "for several clients and issued to another",
      { claims: { aud: ["gateway", "another"], azp: "another" } },
    ],
    ["for nobody", { claims: { aud: undefined } }],
    ["of nobody", { claims: { sub: undefined } }],
    ["that is missing", { token: { status: 200, body: '{"access_token":"a","token_type":"Bearer"}' } }],
    [
      "that is no token",
      { token: { status: 200, body: '{"access_token":"a","token_type":"Bearer","id_token":"a.b.c"}' } },
    ],
  ];
  it.each(falsehoods)("with an ID token %s logs nobody in", async (_, falsehood) => {
    provider.falsehood = falsehood;
    const browser = new Browser();
    expect(await login(browser)).toEqual({ status: 401, code: "unauthenticated" });
    expect([...browser.jar(base).keys()]).not.toContain("ai_lib_session");
  });

  it.each<[string, Falsehood]>([
    ["fails", { token: { status: 500, body: "{}" } }],
    ["breaks the connection", { token: "breaks" }],
    ["is not there", { discovery: "breaks" }],
    ["answers with an error", { discovery: { status: 503, body: "{}" } }],
    ["answers with something else", { discovery: { status: 200, body: "<html>" } }],
    ["names another issuer", { issuer: "https://evil.example" }],
  ])("that %s is named as the reason", async (_, falsehood) => {
    provider.falsehood = falsehood;
    expect(await login()).toEqual({ status: 502, code: "identity_provider_failed" });
    provider.falsehood = {};
    expect(await login()).toEqual({ status: 200, role: "owner" });
    // One that is away is no fault of the gateway, and fills no log with stacks.
    expect(admin.faults).toEqual([]);
  });

  it.each<[string, Falsehood]>([
    ["discovery", { discovery: "hangs" }],
    ["tokens", { token: "hangs" }],
  ])(
    "that never answers about %s is waited for ten seconds",
    async (_, falsehood) => {
      provider.falsehood = falsehood;
      const begun = Date.now();
      expect(await login()).toEqual({ status: 502, code: "identity_provider_failed" });
      expect(Date.now() - begun).toBeLessThan(25_000);
    },
    60_000,
  );

  it("is asked for tokens only with the state and the cookie of the login", async () => {
    const browser = new Browser();
    const { next = "" } = await browser.follow(`${base}/login`, (url) =>
      url.startsWith(`${base}/login/callback`),
    );
    const before = provider.asked;
    const forged = new URL(next);
    forged.searchParams.set("state", "another");
    for (const [who, url] of [
      [new Browser(), next],
      [browser, forged.href],
    ] as const)
      expect((await who.get(url)).status).toBe(401);
    expect(provider.asked).toBe(before);
  });

  it("that refused the login is answered without what it said", async () => {
    const browser = new Browser();
    await browser.follow(`${base}/login`, (url) => url.startsWith(provider.issuer));
    const { searchParams } = new URL(browser.visited.at(-1) ?? "");
    expect(searchParams.size).toBe(0);
    const response = await browser.get(
      `${base}/login/callback?error=access_denied&error_description=<b>psst&state=a`,
    );
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain("psst");
  });
});

describe("a login", () => {
  it("ends although thousands of others began after it", async () => {
    const browser = new Browser();
    const isCallback = (url: string) => url.startsWith(`${base}/login/callback`);
    const { next = "" } = await browser.follow(`${base}/login`, isCallback);
    for (let i = 0; i < 30; i++)
      await Promise.all(
        Array.from({ length: 50 }, () =>
          fetch(`${base}/login`, { redirect: "manual" }).then((response) => response.arrayBuffer()),
        ),
      );
    expect((await browser.get(next)).status).toBe(302);
  });

  it("gives a session that nobody could know before", async () => {
    const browser = new Browser();
    browser.jar(base).set("ai_lib_session", "a-session-of-an-attacker");
    expect(await login(browser)).toMatchObject({ status: 200 });
    expect(browser.jar(base).get("ai_lib_session")).toMatch(/^[\w-]{43}$/);
    const attacker = new Browser();
    attacker.jar(base).set("ai_lib_session", "a-session-of-an-attacker");
    expect((await attacker.get(`${base}/session`)).status).toBe(401);
  });

  it("takes no code of another client of the provider", async () => {
    const real = await IdentityProvider.start({ ana: { name: "Ana", groups: ["admins"] } });
    const own = await startAdmin({ oidc: oidcOf(real.issuer) });
    const other = await startAdmin({ oidc: { ...oidcOf(real.issuer), clientId: "another" } });
    const callback = (each: Started) => `${each.server.url}/admin/v1/login/callback`;
    real.serve([callback(own), callback(other)]);
    real.who = "ana";
    const codes: string[] = [];
    const browser = new Browser();
    for (const each of [other, own]) {
      const { next = "" } = await browser.follow(`${each.server.url}/admin/v1/login`, (url) =>
        url.startsWith(callback(each)),
      );
      codes.push(new URL(next).searchParams.get("code") ?? "");
      if (each === own) {
        const forged = new URL(next);
        forged.searchParams.set("code", codes[0] ?? "");
        expect((await browser.get(forged.href)).status).toBe(401);
      }
    }
    expect(new Set(codes).size).toBe(2);
    await Promise.all([own.server.close(), other.server.close(), real.close()]);
  });
});

describe("a session", () => {
  it("ends after its whole time, although it is used", async () => {
    const sessions = { idleMs: 60_000, totalMs: 1_500 };
    const own = await startAdmin({ oidc: oidcOf(provider.issuer), sessions });
    const browser = new Browser();
    await browser.follow(`${own.server.url}/admin/v1/login`);
    const status = async () => (await browser.get(`${own.server.url}/admin/v1/session`)).status;
    const seen = new Set<number>();
    for (let i = 0; i < 300 && !seen.has(401); i++) {
      seen.add(await status());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect([...seen]).toEqual([200, 401]);
    await own.server.close();
  });

  it("of a cookie that is there twice is none", async () => {
    const browser = new Browser();
    await login(browser);
    const id = browser.jar(base).get("ai_lib_session");
    const response = await fetch(`${base}/session`, {
      headers: { cookie: `ai_lib_session=${id}; ai_lib_session=${id}` },
    });
    expect(response.status).toBe(401);
  });

  it("behind HTTPS is never taken from a cookie without the prefix of its host", async () => {
    const publicUrl = new URL(admin.server.url.replace("http:", "https:"));
    const browser = new Browser();
    await login(browser);
    const id = browser.jar(base).get("ai_lib_session");
    const own = await startAdmin({ oidc: oidcOf(provider.issuer), publicUrl });
    const response = await fetch(`${own.server.url}/admin/v1/session`, {
      headers: { cookie: `ai_lib_session=${id}` },
    });
    expect(response.status).toBe(401);
    await own.server.close();
  });
});
