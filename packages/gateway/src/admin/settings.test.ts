import { describe, expect, it } from "vitest";
import type { AdminNode } from "../config/admin-schema.js";
import { checkShape } from "../config/check-shape.js";
import { formatPath, Problems } from "../config/problems.js";
import { adminSettings, isSecure } from "./settings.js";

const TOKEN = "a-token-of-twenty-four-characters";
const environment = { OPS: TOKEN, OTHER: `${TOKEN}-other`, SHORT: "short", CLIENT: "client-secret" };
const token = { secret: { env: "OPS" }, role: "operator" } as const;
const oidc = {
  issuer: "https://login.example.com",
  clientId: "gateway",
  clientSecret: { env: "CLIENT" },
  roles: { owner: ["admins"] },
};

function problemsOf(node: AdminNode | undefined, more: Record<string, string> = {}): string[] {
  const problems = new Problems();
  adminSettings(node, { ...environment, ...more }, problems);
  return problems.found.map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

describe("the settings of the admin API", () => {
  it("are there where the file or the environment asks for them", () => {
    expect(adminSettings(undefined, {}, new Problems())).toBeUndefined();
    const own = adminSettings(undefined, { AI_LIB_GATEWAY_ADMIN_TOKEN: TOKEN }, new Problems());
    expect(own).toMatchObject({
      address: { host: "127.0.0.1", port: 4101 },
      tokens: [{ name: "environment", role: "owner" }],
    });
    expect(adminSettings({}, {}, new Problems())).toMatchObject({ tokens: [], changesPerMinute: 120 });
  });

  it.each<[AdminNode]>([
    [{ tokens: { ops: token } }],
    [{ listen: { host: "0.0.0.0" }, tokens: { ops: token } }],
    [{ listen: { host: "::1" }, oidc }],
    [{ publicUrl: "https://admin.example.com", oidc }],
    [{ publicUrl: "http://localhost:4101" }],
    [{ oidc: { ...oidc, issuer: "http://127.0.0.1:9000" } }],
  ])("may be %j", (node) => {
    expect(problemsOf(node)).toEqual([]);
  });

  it.each<[AdminNode, string]>([
    [{ listen: { host: "0.0.0.0" } }, "admin.listen: beyond loopback, the admin API needs `tls` or `tokens`"],
    [{ listen: { host: "10.0.0.1" }, oidc, publicUrl: "https://a.example" }, "admin.listen: beyond loopback"],
    [{ listen: { host: "::" }, tokens: { ops: token }, oidc }, "admin.oidc: beyond loopback, a login needs"],
    [
      { tokens: { ops: { ...token, secret: { env: "SHORT" } } } },
      "admin.tokens.ops: a token has at least 24",
    ],
    [
      { tokens: { ops: { ...token, secret: { env: "NONE" } } } },
      "admin.tokens.ops: the environment variable NONE",
    ],
    [{ tokens: { a: token, b: token } }, "admin.tokens.b: another token has the same secret"],
    [{ publicUrl: "http://admin.example.com" }, "admin.publicUrl: `publicUrl` must begin with https://"],
    [{ publicUrl: "https://admin.example.com/path" }, "admin.publicUrl: `publicUrl` is a scheme and a host"],
    [{ tls: { cert: "/no-such", key: "/no-such" } }, "admin.tls: the file /no-such cannot be read: ENOENT"],
    [{ oidc: { ...oidc, issuer: "http://login.example.com" } }, "admin.oidc: `issuer` must be an address"],
    [{ oidc: { ...oidc, issuer: "https://169.254.169.254" } }, "admin.oidc: requests must not go to"],
    [{ oidc: { ...oidc, roles: {} } }, "admin.oidc: `roles` names no value"],
  ])("may not be %j", (node, problem) => {
    expect(problemsOf(node)).toContainEqual(expect.stringContaining(problem));
  });

  it("have one token of each name", () => {
    const more = { AI_LIB_GATEWAY_ADMIN_TOKEN: `${TOKEN}-own` };
    expect(problemsOf({ tokens: { environment: token } }, more)).toEqual([
      "admin.tokens.environment: this is the name of the token in AI_LIB_GATEWAY_ADMIN_TOKEN",
    ]);
  });

  it("contain secrets only as references", () => {
    const problems = new Problems();
    checkShape({ admin: { tokens: { ops: { secret: TOKEN, role: "owner" } } } }, problems);
    expect(problems.found.length).toBeGreaterThan(0);
    const names = new Problems();
    checkShape({ admin: { tokens: { "a b": token } } }, names);
    expect(names.found.length).toBeGreaterThan(0);
  });

  it("mark cookies as secure behind HTTPS", () => {
    const publicUrl = new URL("https://a.example");
    expect(isSecure({ tls: undefined, publicUrl })).toBe(true);
    expect(isSecure({ tls: { cert: "", key: "" }, publicUrl: undefined })).toBe(true);
    expect(isSecure({ tls: undefined, publicUrl: new URL("http://localhost") })).toBe(false);
  });
});
