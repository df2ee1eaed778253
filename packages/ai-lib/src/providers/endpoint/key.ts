import type { AuthStyle } from "../../core/contract/transport.js";
import { configError } from "../../core/errors/error.js";
import { awsEnvironment, type Credential, type TokenSource } from "../../wire/auth.js";
import { chainOf } from "./aws-chain.js";
import type { CredentialForm, ProviderData } from "./data.js";
import { type Environment, readVariable, variablePrefix } from "./environment.js";
import type { TokenClient } from "./token-client.js";

type Google = typeof import("./google-credentials.js");

/** Tokens by credentials of Google Cloud, whose code is loaded with the first token. */
function laterTokens(make: (google: Google) => TokenSource): TokenSource {
  let tokens: Promise<TokenSource> | undefined;
  return async () => {
    tokens ??= import("./google-credentials.js").then(make);
    return (await tokens)();
  };
}

/** A credential, with a name for it that may be shown. */
export interface NamedCredential {
  readonly credential: Credential;
  /** The name of its variable, or its alias; never the secret. */
  readonly alias: string | undefined;
  /** Its form, if it is sent differently from the provider's key. */
  readonly form?: CredentialForm | undefined;
}

/** The fields of a provider's data that concern its key. */
type KeyData = Pick<ProviderData, "id" | "keyEnv" | "auth" | "credentials" | "googleCredentialsEnv">;

const BEARER: AuthStyle = { style: "bearer" };

/** How a provider's key is sent. */
export function authOf(data: Pick<ProviderData, "auth">): AuthStyle {
  return data.auth ?? BEARER;
}

/** Variables for a provider's key, in the order in which they are read; empty if it takes no key. */
export function keyVariables(data: KeyData): readonly string[] {
  if (authOf(data).style === "none") return [];
  const forms = (data.credentials ?? []).flatMap(({ env }) => env ?? []);
  return [...new Set([`${variablePrefix(data.id)}_API_KEY`, ...(data.keyEnv ?? []), ...forms])];
}

/** The variables to set for a provider's key, as text for a message. */
export function wantedKey(data: KeyData): string {
  const aws =
    authOf(data).style === "sigv4" ? ["AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"] : [];
  return [...keyVariables(data), ...(data.googleCredentialsEnv ?? []), ...aws].join(" or ");
}

/**
 * The key of a provider in an environment.
 * @param client requests tokens of Google Cloud. Default: none are requested.
 */
export function findKey(
  data: ProviderData,
  environment: Environment,
  client?: TokenClient,
): NamedCredential | undefined {
  const found = readVariable(environment, keyVariables(data));
  if (found !== undefined) {
    const form = data.credentials?.find(({ env }) => env?.includes(found.name)) ?? formOf(data, found.value);
    return { credential: found.value, alias: found.name, form };
  }
  const file = readVariable(environment, data.googleCredentialsEnv ?? []);
  if (file !== undefined)
    return {
      credential: laterTokens((google) => google.googleFileTokens(file.value, client)),
      alias: file.name,
    };
  if (authOf(data).style !== "sigv4") return undefined;
  const aws = awsEnvironment(environment);
  if (aws !== undefined) return { credential: aws.credentials, alias: "AWS_ACCESS_KEY_ID" };
  return chainOf(environment);
}

/**
 * The credential of an endpoint: the one given, else the one in the environment; undefined if none is needed.
 * @param client requests tokens of Google Cloud.
 * @throws {AiLibError} `CONFIG_ERROR` naming the variables to set, or for a key that the endpoint does not take.
 */
export function resolveKey(
  data: ProviderData,
  apiKey: Credential | undefined,
  environment: Environment,
  client: TokenClient,
): NamedCredential | undefined {
  const given = typeof apiKey === "string" && apiKey.trim() === "" ? undefined : apiKey;
  if (authOf(data).style === "none") {
    if (given === undefined) return undefined;
    throw configError(`The provider "${data.id}" takes no key, but one was given: choose another auth style`);
  }
  if (given !== undefined) return { alias: undefined, ...givenKey(data, given, client) };
  const found = findKey(data, environment, client);
  if (found !== undefined || data.keyOptional === true) return found;
  const where = data.keyUrl === undefined ? "" : `; get one at ${data.keyUrl}`;
  const aws =
    authOf(data).style === "sigv4"
      ? ". For the credentials of a profile, of SSO or of a role, pass apiKey: fromNodeProviderChain() of @aws-sdk/credential-providers"
      : "";
  throw configError(`No key for "${data.id}": set ${wantedKey(data)}, or pass apiKey${where}${aws}`);
}

function givenKey(
  data: ProviderData,
  credential: Credential,
  client: TokenClient,
): Pick<NamedCredential, "credential" | "form"> {
  // The content of a credentials file, which platforms without files keep in a variable.
  if (data.googleCredentialsEnv !== undefined && typeof credential === "string" && /^\s*\{/.test(credential))
    return { credential: laterTokens((google) => google.googleTokens(credential, client)) };
  return { credential, form: formOf(data, credential) };
}

function formOf(data: ProviderData, credential: Credential): CredentialForm | undefined {
  return data.credentials?.find(({ prefixes, tokens }) =>
    typeof credential === "string"
      ? prefixes?.some((prefix) => credential.trim().startsWith(prefix)) === true
      : typeof credential === "function" && tokens === true,
  );
}

/** The header of the key; undefined if the key is not in a header. */
export function keyHeader(auth: AuthStyle): string | undefined {
  switch (auth.style) {
    case "bearer":
    case "sigv4":
      return "authorization";
    case "header":
      return auth.header.toLowerCase();
    case "none":
    case "query":
      return undefined;
    default: {
      const never: never = auth;
      throw new TypeError(`Unknown auth style ${JSON.stringify(never)}`);
    }
  }
}
