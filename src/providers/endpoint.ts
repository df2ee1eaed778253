import { refuseUnknown } from "../core/call.js";
import type { Quirks } from "../core/dialect.js";
import { configError } from "../core/error.js";
import type { AuthStyle } from "../core/http.js";
import type { ModelFacts } from "../core/model.js";
import type { Target } from "../core/provider.js";
import type { AwsCredentials, Credential } from "../wire/auth.js";
import { PROVIDER_DATA_FIELDS, type ProviderData } from "./data.js";
import { DIALECT_IDS } from "./dialects.js";
import { type Environment, processEnvironment, readVariable, variablePrefix } from "./environment.js";
import { unknownQuirk } from "./quirks.js";
import { fillTemplate, templateNames } from "./template.js";

/** Settings of one endpoint, over its provider's data. */
export interface EndpointOptions {
  /** The key, or a function that gets one (a short-lived token). Default: the provider's variables. */
  readonly apiKey?: Credential | undefined;
  /** A name for the key in trails and logs, never the key itself. Default: the variable it came from. */
  readonly keyAlias?: string | undefined;
  /** Default: `<ID>_BASE_URL`, else the provider's own. */
  readonly baseUrl?: string | undefined;
  /** The default model. Default: `<ID>_MODEL`, else the provider's own. */
  readonly model?: string | undefined;
  /** Values of the endpoint's variables: region, resource, project. Default: their environment variables. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Quirk flags over the provider's own. */
  readonly quirks?: Quirks | undefined;
  /** Facts of models over the catalogue's: context window, modalities, price. */
  readonly models?: Readonly<Record<string, ModelFacts>> | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** Where variables are read. Default: the process's environment. */
  readonly environment?: Environment | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "apiKey",
  "keyAlias",
  "baseUrl",
  "model",
  "variables",
  "headers",
  "query",
  "quirks",
  "models",
  "account",
  "region",
  "environment",
] satisfies (keyof EndpointOptions)[]);

/** An endpoint with every setting decided. */
export interface Endpoint {
  readonly target: Target;
  /** No trailing slash. */
  readonly baseUrl: string;
  readonly auth: AuthStyle;
  readonly credential: Credential | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly quirks: Quirks;
  readonly models: Readonly<Record<string, ModelFacts>>;
  readonly account: string | undefined;
}

/** Variables that may hold a provider's key, in the order in which they are read. */
export function keyVariables(data: Pick<ProviderData, "id" | "keyEnv">): readonly string[] {
  return [...new Set([`${variablePrefix(data.id)}_API_KEY`, ...(data.keyEnv ?? [])])];
}

/**
 * Decides every setting of an endpoint: option, then environment, then the provider's data.
 * @throws {AiLibError} `CONFIG_ERROR` for whatever is missing, malformed, unknown or contradictory, saying what to set.
 */
export function resolveEndpoint(data: ProviderData, options: EndpointOptions): Endpoint {
  checkData(data);
  refuseUnknown(`option of the provider "${data.id}"`, options, OPTION_NAMES);
  const environment = options.environment ?? processEnvironment();
  const prefix = variablePrefix(data.id);
  const auth = data.auth ?? { style: "bearer" };
  const givenBase =
    options.baseUrl ?? readVariable(environment, [`${prefix}_BASE_URL`])?.value ?? data.baseUrl;
  const variables = resolveVariables(data, givenBase, options.variables ?? {}, environment);
  const key = resolveKey(data, auth, options, environment);
  const model = options.model ?? readVariable(environment, [`${prefix}_MODEL`])?.value ?? data.model;
  const quirks = { ...data.quirks, ...options.quirks };
  const unknown = unknownQuirk(data.dialect, quirks);
  if (unknown !== undefined) throw configError(`The provider "${data.id}": ${unknown}`);
  const region = options.region ?? variables["region"] ?? variables["location"];
  return {
    target: {
      provider: data.id,
      ...(model === undefined || model === "" ? {} : { model }),
      ...(key.alias === undefined ? {} : { key: key.alias }),
      ...(options.account === undefined ? {} : { account: options.account }),
      ...(region === undefined ? {} : { region }),
    },
    baseUrl: checkBaseUrl(data.id, fillTemplate(givenBase, variables)),
    auth,
    credential: key.credential,
    variables,
    headers: lowerCase({ ...data.headers, ...options.headers }),
    query: { ...data.query, ...options.query },
    quirks,
    models: { ...data.models, ...options.models },
    account: options.account,
  };
}

function checkData(data: ProviderData): void {
  refuseUnknown("field of a provider", data, PROVIDER_DATA_FIELDS);
  if (typeof data.id !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(data.id))
    throw configError(`A provider's id is lower case letters, digits and dashes, not "${String(data.id)}"`);
  if (!DIALECT_IDS.includes(data.dialect))
    throw configError(
      `The provider "${data.id}" names the unknown dialect "${String(data.dialect)}"; known are: ${DIALECT_IDS.join(", ")}`,
    );
  if (typeof data.baseUrl !== "string" || data.baseUrl === "")
    throw configError(`The provider "${data.id}" has no baseUrl`);
}

function checkBaseUrl(id: string, baseUrl: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw configError(`The base URL of "${id}" is malformed; it must look like https://host/path`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw configError(`The base URL of "${id}" must begin with https:// or http://, not ${url.protocol}//`);
  if (url.username !== "" || url.password !== "")
    throw configError(`The base URL of "${id}" holds credentials; pass them as apiKey instead`);
  return baseUrl.replace(/\/+$/, "");
}

function resolveVariables(
  data: ProviderData,
  baseUrl: string,
  given: Readonly<Record<string, string | undefined>>,
  environment: Environment,
): Record<string, string> {
  const known = data.variables ?? {};
  refuseUnknown(`endpoint variable of "${data.id}"`, given, new Set(Object.keys(known)));
  const values: Record<string, string> = {};
  const used = new Set(
    [baseUrl, data.path ?? "", data.streamPath ?? "", ...Object.values(data.query ?? {})].flatMap(
      templateNames,
    ),
  );
  for (const [name, variable] of Object.entries(known)) {
    const value = given[name] ?? readVariable(environment, variable.env)?.value ?? variable.default;
    if (value !== undefined) values[name] = value;
    else if (used.has(name))
      throw configError(
        `The provider "${data.id}" needs ${name} (${variable.what}): set ${variable.env.join(" or ")}, or pass variables: { ${name}: "..." }`,
      );
  }
  return values;
}

function resolveKey(
  data: ProviderData,
  auth: AuthStyle,
  options: EndpointOptions,
  environment: Environment,
): { readonly credential: Credential | undefined; readonly alias: string | undefined } {
  if (auth.style === "none") {
    if (options.apiKey !== undefined)
      throw configError(`The provider "${data.id}" takes no key, but apiKey was given; set its auth style`);
    return { credential: undefined, alias: options.keyAlias };
  }
  if (options.apiKey !== undefined && options.apiKey !== "")
    return { credential: options.apiKey, alias: options.keyAlias };
  const names = keyVariables(data);
  const found = readVariable(environment, names);
  if (found === undefined && auth.style === "sigv4") {
    const aws = awsCredentials(environment);
    if (aws !== undefined) return { credential: aws, alias: options.keyAlias ?? "AWS_ACCESS_KEY_ID" };
  }
  if (found !== undefined) return { credential: found.value, alias: options.keyAlias ?? found.name };
  if (data.keyOptional === true) return { credential: undefined, alias: options.keyAlias };
  const where = data.keyUrl === undefined ? "" : `; get one at ${data.keyUrl}`;
  throw configError(
    `No key for "${data.id}": set ${[...names, ...(auth.style === "sigv4" ? ["AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"] : [])].join(" or ")}, or pass apiKey${where}`,
  );
}

function awsCredentials(environment: Environment): AwsCredentials | undefined {
  const accessKeyId = readVariable(environment, ["AWS_ACCESS_KEY_ID"])?.value;
  const secretAccessKey = readVariable(environment, ["AWS_SECRET_ACCESS_KEY"])?.value;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: readVariable(environment, ["AWS_SESSION_TOKEN"])?.value,
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
