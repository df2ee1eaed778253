import type { RequestHead } from "ai-lib/serve";
import type { HeaderRulesNode } from "./config/route-schema.js";

/** Headers of clients that no rule passes on: keys, cookies, and headers of the connection. */
const NEVER_PASSED: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "x-api-key",
  "x-goog-api-key",
  "api-key",
  "xi-api-key",
  "cookie",
  "host",
  "connection",
  "content-length",
  "content-type",
  "content-encoding",
  "transfer-encoding",
  "accept-encoding",
  "expect",
  "te",
  "trailer",
  "upgrade",
  "keep-alive",
  "proxy-connection",
]);

/** Whether a rule may pass a header of the client on. */
export function mayPass(name: string): boolean {
  return !NEVER_PASSED.has(name.toLowerCase());
}

/** The headers that a route's rules add to every request to a provider. */
export function sentHeaders(
  rules: HeaderRulesNode | undefined,
  given: RequestHead["headers"],
): Readonly<Record<string, string>> | undefined {
  if (rules === undefined) return undefined;
  const sent: Record<string, string> = {};
  for (const name of rules.pass ?? []) {
    const value = given[name.toLowerCase()];
    if (value !== undefined && mayPass(name)) sent[name.toLowerCase()] = value;
  }
  return { ...sent, ...rules.set };
}
