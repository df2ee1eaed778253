import { AiLibError, configError, messageOf } from "../../core/errors/error.js";
import { asNumber, asString, isObject, type JsonObject, tryParse } from "../../core/values/json.js";
import type { ExpiringToken, TokenSource } from "../../wire/auth.js";

/** The scope of Vertex AI. https://developers.google.com/identity/protocols/oauth2/scopes#aiplatform */
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** The address for tokens where a file names none. */
const TOKEN_URI = "https://oauth2.googleapis.com/token";

/** How long a signed assertion is valid, in seconds: the longest that Google accepts. */
const ASSERTION_SECONDS = 3_600;

/** What is needed to request tokens. */
export interface TokenClient {
  /** Epoch milliseconds. */
  now(): number;
  /** Sends a form to an address and resolves to the reply, whatever its status. */
  send(url: string, form: string): Promise<{ readonly status: number; readonly body: string }>;
}

/** Tokens by a credentials file of Google Cloud, which is read at the first request. */
export function googleFileTokens(path: string, client: TokenClient | undefined): TokenSource {
  let tokens: Promise<TokenSource> | undefined;
  return async () => {
    tokens ??= readCredentials(path).then((text) => googleTokens(text, client));
    return (await tokens)();
  };
}

async function readCredentials(path: string): Promise<string> {
  const { readCredentialsFile } = await import("#credentials");
  try {
    return await readCredentialsFile(path);
  } catch (error) {
    throw configError(`The credentials file "${path}" cannot be read: ${messageOf(error)}`);
  }
}

/**
 * Tokens by the content of a credentials file: a service account
 * (https://developers.google.com/identity/protocols/oauth2/service-account#httprest) or the user's own login, as
 * `gcloud auth application-default login` writes it.
 * @throws {AiLibError} `CONFIG_ERROR` for anything else. Never quotes the content.
 */
export function googleTokens(content: string, client: TokenClient | undefined): TokenSource {
  const file = tryParse(content);
  if (!isObject(file)) throw configError("The credentials of Google Cloud are no JSON object");
  const uri = asString(file["token_uri"]) ?? TOKEN_URI;
  if (!uri.startsWith("https://"))
    throw configError("`token_uri` of the credentials of Google Cloud must begin with https://");
  const make = assertionOf(file, uri);
  return async () => {
    if (client === undefined) throw configError("There is nothing to send a request for tokens with");
    return await requestToken(uri, make, client);
  };
}

type MakeForm = (now: number) => Promise<Record<string, string>>;

function assertionOf(file: JsonObject, uri: string): MakeForm {
  const field = (name: string): string => {
    const value = asString(file[name]);
    if (value === undefined || value === "")
      throw configError(`The credentials of Google Cloud have no \`${name}\``);
    return value;
  };
  const { type } = file;
  if (type === "authorized_user") {
    const form = {
      grant_type: "refresh_token",
      client_id: field("client_id"),
      client_secret: field("client_secret"),
      refresh_token: field("refresh_token"),
    };
    return () => Promise.resolve(form);
  }
  if (type !== "service_account")
    throw configError(
      `The credentials of Google Cloud are of type "${String(type)}"; a service_account or an authorized_user can be used. For others, pass a function that gets a token`,
    );
  const key = field("private_key");
  const email = field("client_email");
  return async (now) => ({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: await signAssertion(key, email, uri, Math.floor(now / 1_000)),
  });
}

async function signAssertion(key: string, email: string, uri: string, now: number): Promise<string> {
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

async function requestToken(uri: string, make: MakeForm, client: TokenClient): Promise<ExpiringToken> {
  const form = new URLSearchParams(await make(client.now()));
  const { status, body } = await client.send(uri, form.toString());
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
