import { AiLibError, configError } from "../../core/errors/error.js";
import { asNumber, asString, isObject, tryParse } from "../../core/values/json.js";
import type { ExpiringToken } from "../../wire/auth.js";
import type { TokenClient } from "./token-client.js";

/** The scope of Vertex AI. https://developers.google.com/identity/protocols/oauth2/scopes#aiplatform */
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** How long a signed assertion is valid, in seconds: the longest that Google accepts. */
const ASSERTION_SECONDS = 3_600;

/** A statement of a service account, signed with its key. @param now seconds since the epoch */
export async function signAssertion(key: string, email: string, uri: string, now: number): Promise<string> {
  const part = (value: object) => base64Url(new TextEncoder().encode(JSON.stringify(value)));
  const claims = { iss: email, scope: SCOPE, aud: uri, iat: now, exp: now + ASSERTION_SECONDS };
  const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  let bytes: ArrayBuffer;
  try {
    const imported = await crypto.subtle.importKey("pkcs8", bytesOfPem(key), algorithm, false, ["sign"]);
    bytes = await crypto.subtle.sign(algorithm.name, imported, new TextEncoder().encode(signed));
  } catch {
    throw configError("`private_key` of the credentials of Google Cloud is no RSA key in PEM");
  }
  return `${signed}.${base64Url(new Uint8Array(bytes))}`;
}

function bytesOfPem(pem: string): Uint8Array<ArrayBuffer> {
  const base64 = pem.replace(/-----[A-Z ]+-----/g, "").replace(/\s+/g, "");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function base64Url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text)
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/(?<!=)=+$/, "");
}

/** @throws {AiLibError} `AUTH_FAILED` where Google gives no token. */
export async function requestToken(
  uri: string,
  form: Readonly<Record<string, string>>,
  client: TokenClient,
): Promise<ExpiringToken> {
  const { status, body } = await client.send(uri, new URLSearchParams({ ...form }).toString());
  const reply = tryParse(body);
  const token = isObject(reply) ? asString(reply["access_token"]) : undefined;
  if (status === 200 && token !== undefined && isObject(reply)) {
    const seconds = asNumber(reply["expires_in"]) ?? 0;
    return { token, expiresAt: client.now() + seconds * 1_000 };
  }
  const why = isObject(reply)
    ? (asString(reply["error_description"]) ?? asString(reply["error"]))
    : undefined;
  throw new AiLibError({
    code: "AUTH_FAILED",
    status,
    message: `Google gave no token for the credentials: ${why ?? `status ${status}`}`,
    local: true,
  });
}
