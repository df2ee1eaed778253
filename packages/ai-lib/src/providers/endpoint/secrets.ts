import type { HeaderFields } from "../../core/contract/transport.js";

/** Headers and query parameters whose values are no secrets, and would be missed in an error message. */
const PLAIN: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "alt",
  "anthropic-beta",
  "anthropic-version",
  "api-version",
  "baggage",
  "cache-control",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "host",
  "http-referer",
  "openai-beta",
  "openai-organization",
  "openai-project",
  "origin",
  "referer",
  "traceparent",
  "tracestate",
  "user-agent",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-goog-api-client",
  "x-goog-user-project",
  "x-goog-upload-command",
  "x-goog-upload-header-content-length",
  "x-goog-upload-header-content-type",
  "x-goog-upload-offset",
  "x-goog-upload-protocol",
  "x-request-id",
  "x-title",
]);

/** Names of fields that hold a secret however short it is. */
const SECRET_NAME = /auth|token|key|secret|pass|cookie|credential|signature|session/;

/** Schemes of authorization, which say nothing about the credential after them. */
const SCHEME = /^(?:basic|bearer|token|key|apikey|api-key|digest|aws4-.*)$/;

/** The least characters of a value that is masked although its name does not say that it is a secret. */
const SHORTEST_VALUE = 8;

/**
 * Every value of a request that may be a secret. Whatever is sent can be echoed, so it does not matter where the value
 * was configured: a key, a token, a header or a query parameter of the endpoint or the call, an address for an upload.
 */
export function secretsOfRequest(url: string, headers: HeaderFields): string[] {
  const secrets: string[] = [];
  for (const name of Object.keys(headers)) addField(name, headers[name] ?? "", secrets);
  const mark = url.indexOf("?");
  if (mark !== -1)
    for (const [name, value] of new URLSearchParams(url.slice(mark))) addField(name, value, secrets);
  return secrets;
}

function addField(given: string, value: string, secrets: string[]): void {
  const name = given.toLowerCase();
  const isNamed = SECRET_NAME.test(name);
  if (PLAIN.has(name) || (value.length < SHORTEST_VALUE && !isNamed)) return;
  if (name === "cookie") {
    for (const one of value.split(";")) secrets.push(one.slice(one.indexOf("=") + 1).trim());
    return;
  }
  const space = isNamed ? value.indexOf(" ") : -1;
  if (space === -1) {
    secrets.push(value);
    return;
  }
  // A scheme and the credential itself.
  const scheme = value.slice(0, space).toLowerCase();
  const credential = value.slice(space + 1).trim();
  if (!SCHEME.test(scheme)) secrets.push(value);
  secrets.push(credential);
  if (scheme === "basic") addBasic(credential, secrets);
  else if (scheme.startsWith("aws4-")) secrets.push(credential.slice(credential.lastIndexOf("=") + 1));
}

/** A basic authorization holds a user and a password in base64 (RFC 7617). */
function addBasic(coded: string, secrets: string[]): void {
  try {
    const bytes = Uint8Array.from(atob(coded), (one) => one.charCodeAt(0));
    const pair = new TextDecoder().decode(bytes);
    secrets.push(pair, pair.slice(pair.indexOf(":") + 1));
  } catch {
    // Not in base64: it is masked unchanged.
  }
}
