import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Environment } from "ai-lib";
import type { AdminNode } from "../config/admin-schema.js";
import type { Problems } from "../config/problems.js";
import { readSecret } from "../config/secrets.js";
import { configError } from "../config-error.js";
import type { Address } from "../gateway.js";
import { isLoopback } from "../loopback.js";
import { requirePublicAddress } from "../public-address.js";
import { ROLES, type Role } from "./auth/roles.js";
import type { SessionTimes } from "./auth/sessions.js";
import { type AdminToken, MIN_TOKEN_LENGTH } from "./auth/tokens.js";

/** The variable with a token of the role owner. Where it is set, the admin API is served without a file, too. */
export const TOKEN_VARIABLE = "AI_LIB_GATEWAY_ADMIN_TOKEN";

/** What login with OpenID Connect needs. */
export interface OidcSettings {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly scopes: readonly string[];
  readonly claim: string;
  /** The roles of the values of the claim. */
  readonly roles: ReadonlyMap<string, readonly Role[]>;
}

/** What an admin API is started with. */
export interface AdminSettings {
  readonly address: Address;
  readonly publicUrl: URL | undefined;
  /** Certificate chain and private key, in PEM. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly tokens: readonly AdminToken[];
  readonly oidc: OidcSettings | undefined;
  readonly sessions: SessionTimes;
  readonly changesPerMinute: number;
}

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 4101;
const HOUR_MS = 3_600_000;

/** The settings of a gateway: those of its file, and the token of the environment. @returns undefined without either */
export function adminSettings(
  node: AdminNode | undefined,
  environment: Environment,
  problems: Problems,
): AdminSettings | undefined {
  const given = environment[TOKEN_VARIABLE]?.trim();
  const own = given === undefined || given === "" ? undefined : given;
  if (node === undefined && own === undefined) return undefined;
  const { listen = {}, sessions = {}, changesPerMinute = 120 } = node ?? {};
  const address = { host: listen.host ?? DEFAULT_HOST, port: listen.port ?? DEFAULT_PORT };
  const tokens = readTokens(node?.tokens, own, environment, problems);
  const publicUrl = problems.try(["admin", "publicUrl"], () => readPublicUrl(node?.publicUrl));
  const tls = problems.try(["admin", "tls"], () => readTls(node?.tls));
  const oidc = problems.try(["admin", "oidc"], () => readOidc(node?.oidc, environment));
  if (!isLoopback(address.host)) {
    if (node?.tls === undefined && node?.tokens === undefined && own === undefined)
      problems.add(["admin", "listen"], "beyond loopback, the admin API needs `tls` or `tokens`");
    if (node?.oidc !== undefined && node.publicUrl === undefined)
      problems.add(["admin", "oidc"], "beyond loopback, a login needs `publicUrl`");
  }
  return {
    ...{ address, publicUrl, tls, tokens, oidc, changesPerMinute },
    sessions: { idleMs: sessions.idleMs ?? HOUR_MS, totalMs: sessions.totalMs ?? 12 * HOUR_MS },
  };
}

function readTokens(
  nodes: AdminNode["tokens"],
  own: string | undefined,
  environment: Environment,
  problems: Problems,
): readonly AdminToken[] {
  const tokens: AdminToken[] = Object.entries(nodes ?? {}).flatMap(([name, { secret, role }]) => {
    const value = problems.try(["admin", "tokens", name], () => readSecret(secret, environment));
    return value === undefined ? [] : [{ name, secret: value, role }];
  });
  if (own !== undefined) tokens.push({ name: "environment", secret: own, role: "owner" });
  if (own !== undefined && nodes?.["environment"] !== undefined)
    problems.add(["admin", "tokens", "environment"], `this is the name of the token in ${TOKEN_VARIABLE}`);
  const seen = new Set<string>();
  for (const { name, secret } of tokens) {
    if (secret.length < MIN_TOKEN_LENGTH)
      problems.add(["admin", "tokens", name], `a token has at least ${MIN_TOKEN_LENGTH} characters`);
    if (seen.has(secret)) problems.add(["admin", "tokens", name], "another token has the same secret");
    seen.add(secret);
  }
  return tokens;
}

function readPublicUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.pathname !== "/" || url.search !== "" || url.username !== "")
    throw configError("`publicUrl` is a scheme and a host, such as https://admin.example.com");
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(hostOf(url)))) return url;
  throw configError("`publicUrl` must begin with https://, except on loopback");
}

function readTls(node: AdminNode["tls"]): AdminSettings["tls"] {
  if (node === undefined) return undefined;
  const tls = { cert: readPem(node.cert), key: readPem(node.key) };
  try {
    createSecureContext(tls);
  } catch {
    // The message of OpenSSL says nothing about the files.
    throw configError(`${node.cert} and ${node.key} are not a certificate and its key, both in PEM`);
  }
  return tls;
}

function readPem(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw configError(`the file ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function readOidc(node: AdminNode["oidc"], environment: Environment): OidcSettings | undefined {
  if (node === undefined) return undefined;
  const issuer = URL.canParse(node.issuer) ? new URL(node.issuer) : undefined;
  if (issuer === undefined || !(issuer.protocol === "https:" || isLoopback(hostOf(issuer))))
    throw configError("`issuer` must be an address that begins with https://");
  requirePublicAddress(node.issuer);
  const roles = new Map<string, Role[]>();
  for (const role of ROLES)
    for (const value of node.roles[role] ?? []) roles.set(value, [...(roles.get(value) ?? []), role]);
  if (roles.size === 0) throw configError("`roles` names no value, so nobody could log in");
  return {
    issuer,
    clientId: node.clientId,
    clientSecret: node.clientSecret === undefined ? undefined : readSecret(node.clientSecret, environment),
    scopes: node.scopes ?? ["openid", "profile", "email"],
    claim: node.claim ?? "groups",
    roles,
  };
}

/** The host of a URL as addresses are written, without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/** Whether browsers reach the admin API by HTTPS. */
export function isSecure({ tls, publicUrl }: Pick<AdminSettings, "tls" | "publicUrl">): boolean {
  return tls !== undefined || publicUrl?.protocol === "https:";
}
