import type { AuthStyle } from "../../core/contract/transport.js";
import { configError } from "../../core/errors/error.js";
import { awsEnvironment, type Credential } from "../../wire/auth.js";
import type { ProviderData } from "./data.js";
import { type Environment, readVariable, variablePrefix } from "./environment.js";

/** A credential, with a name for it that may be shown. */
export interface NamedCredential {
  readonly credential: Credential;
  /** The variable that holds it, or its alias; never the secret. */
  readonly alias: string | undefined;
}

const BEARER: AuthStyle = { style: "bearer" };

/** How a provider's key is sent. */
export function authOf(data: Pick<ProviderData, "auth">): AuthStyle {
  return data.auth ?? BEARER;
}

/** Variables for a provider's key, in the order in which they are read; empty if it takes no key. */
export function keyVariables(data: Pick<ProviderData, "id" | "keyEnv" | "auth">): readonly string[] {
  if (authOf(data).style === "none") return [];
  return [...new Set([`${variablePrefix(data.id)}_API_KEY`, ...(data.keyEnv ?? [])])];
}

/** The variables to set for a provider's key, as text for a message. */
export function wantedKey(data: Pick<ProviderData, "id" | "keyEnv" | "auth">): string {
  const aws = authOf(data).style === "sigv4" ? ["AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"] : [];
  return [...keyVariables(data), ...aws].join(" or ");
}

/** The key of a provider in an environment. */
export function findKey(data: ProviderData, environment: Environment): NamedCredential | undefined {
  const found = readVariable(environment, keyVariables(data));
  if (found !== undefined) return { credential: found.value, alias: found.name };
  if (authOf(data).style !== "sigv4") return undefined;
  const aws = awsEnvironment(environment);
  return aws === undefined ? undefined : { credential: aws.credentials, alias: "AWS_ACCESS_KEY_ID" };
}

/**
 * The credential of an endpoint: the one given, else the one in the environment; undefined if none is needed.
 * @throws {AiLibError} `CONFIG_ERROR` naming the variables to set, or for a key that the endpoint does not take.
 */
export function resolveKey(
  data: ProviderData,
  apiKey: Credential | undefined,
  environment: Environment,
): NamedCredential | undefined {
  const given = apiKey === "" ? undefined : apiKey;
  if (authOf(data).style === "none") {
    if (given === undefined) return undefined;
    throw configError(`The provider "${data.id}" takes no key, but one was given: choose another auth style`);
  }
  if (given !== undefined) return { credential: given, alias: undefined };
  const found = findKey(data, environment);
  if (found !== undefined || data.keyOptional === true) return found;
  const where = data.keyUrl === undefined ? "" : `; get one at ${data.keyUrl}`;
  throw configError(`No key for "${data.id}": set ${wantedKey(data)}, or pass apiKey${where}`);
}

/** The header that carries the key; undefined if no header does. */
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
