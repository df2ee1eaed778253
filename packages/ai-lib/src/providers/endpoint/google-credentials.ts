import { configError, messageOf } from "../../core/errors/error.js";
import { asString, isObject, type JsonObject, tryParse } from "../../core/values/json.js";
import type { TokenSource } from "../../wire/auth.js";
import type { TokenClient } from "./token-client.js";

/** The address for tokens if a file names none. */
const TOKEN_URI = "https://oauth2.googleapis.com/token";

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
    const { requestToken } = await import("./google-tokens.js");
    return await requestToken(uri, await make(client.now()), client);
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
  return async (now) => {
    const { signAssertion } = await import("./google-tokens.js");
    return {
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: await signAssertion(key, email, uri, Math.floor(now / 1_000)),
    };
  };
}
