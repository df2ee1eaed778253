import type { DialectId, Quirks } from "../../core/contract/dialect.js";
import { headerProblem } from "../../core/contract/places.js";
import type { AuthStyle } from "../../core/contract/transport.js";
import { configError } from "../../core/errors/error.js";
import { refuseUnknown } from "../../core/errors/options.js";
import type { ServerAddress } from "../../core/values/attempt.js";
import type { ModelFacts } from "../../core/values/model.js";
import { matchesModel } from "../../core/values/model-pattern.js";
import type { PriceSource } from "../../core/values/price.js";
import type { VoiceTable } from "../../core/values/speech.js";
import type { Target } from "../../core/values/target.js";
import type { Credential } from "../../wire/auth.js";
import { checkBaseUrl, givenBaseUrl, withApiPath } from "./base-url.js";
import type { ProviderData } from "./data.js";
import { type Environment, processEnvironment, readVariable, variablePrefix } from "./environment.js";
import { authOf, keyHeader, resolveKey } from "./key.js";
import type { QuirksOf } from "./quirks.js";
import { fillBaseUrl } from "./template.js";
import type { TokenClient } from "./token-client.js";
import { addressVariables, fillAll, ownBaseUrl, resolveVariables } from "./variables.js";

export type { AwsCredentials, Credential, ExpiringToken, IssuedToken, TokenSource } from "../../wire/auth.js";

/** Settings of one endpoint, over its provider's data. `D` is the dialect, whose quirks it may have. */
export interface EndpointOptions<D extends DialectId = DialectId> {
  /**
   * The key, or a function that gets a short-lived token (Microsoft Entra ID, Google Cloud) or AWS credentials
   * (`fromNodeProviderChain()`). Default: the provider's variables.
   */
  readonly apiKey?: Credential | undefined;
  /** A name for the key in attempt logs, never the key itself. Default: the variable that holds it. */
  readonly keyAlias?: string | undefined;
  /** Default: `<ID>_BASE_URL`, else the provider's own. */
  readonly baseUrl?: string | undefined;
  /** The default model. Default: `<ID>_MODEL`, else the provider's own. */
  readonly model?: string | undefined;
  /** Values of the endpoint's variables: region, resource, project. Default: their environment variables. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Deviations from the dialect, over those in the provider's data. */
  readonly quirks?: QuirksOf<D> | undefined;
  /** Facts of models, over those in the provider's data: context window, modalities, price. */
  readonly models?: Readonly<Record<string, ModelFacts>> | undefined;
  /** Prices of models for which `models` has none, such as those of `loadPrices()` in `ai-lib/cost`. */
  readonly prices?: PriceSource | undefined;
  /**
   * Your own names for voices of the provider: with `{ narrator: "nova" }`, requests can name the voice "narrator". A chain
   * whose providers all define a name has one voice.
   */
  readonly voices?: VoiceTable | undefined;
  /** The account of the key, for attempt logs and for state that a vendor binds to an account. */
  readonly account?: string | undefined;
  /** The region, for attempt logs. It is also the value of the endpoint's variable `region` or `location`, if it has one. */
  readonly region?: string | undefined;
  /** The environment variables. Default: those of the process. */
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
  "prices",
  "voices",
  "account",
  "region",
  "environment",
] satisfies (keyof EndpointOptions)[]);

/** An endpoint with every setting decided. */
export interface Endpoint {
  readonly target: Target;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Host and port of the base URL. */
  readonly server: ServerAddress;
  readonly auth: AuthStyle;
  readonly credential: Credential | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly quirks: Quirks;
  readonly models: Readonly<Record<string, ModelFacts>>;
  readonly prices: PriceSource | undefined;
  readonly voices: VoiceTable | undefined;
  readonly account: string | undefined;
  /** Domains besides the base URL's host that the key is sent to, at addresses from replies. */
  readonly hosts: readonly string[];
}

/**
 * Decides every setting of an endpoint: option, then environment, then the provider's data.
 * @param data whose fields have been checked, as those of the options
 * @param client requests tokens where the credentials are a file of Google Cloud.
 * @throws {AiLibError} `CONFIG_ERROR` for a setting that is missing, malformed, unknown or contradicts another. The
 *   message says what to set.
 */
export function resolveEndpoint(data: ProviderData, options: EndpointOptions, client: TokenClient): Endpoint {
  const { id } = data;
  refuseUnknown(`option of the provider "${id}"`, options, OPTION_NAMES);
  const environment = options.environment ?? processEnvironment();
  const prefix = variablePrefix(id);
  const given = givenBaseUrl(data, options.baseUrl, environment);
  const key = resolveKey(data, options.apiKey, environment, client);
  const ofKey = given ?? key?.form?.baseUrl;
  const variables = resolveVariables(data, ofKey ?? data.baseUrl, givenVariables(data, options), environment);
  const keyAlias = options.keyAlias ?? key?.alias;
  const model = options.model ?? readVariable(environment, [`${prefix}_MODEL`])?.value ?? data.model;
  const quirks = { ...data.quirks, ...options.quirks };
  const region = options.region ?? variables["region"] ?? variables["location"];
  const auth = key?.form?.auth ?? authOf(data);
  const filled = fillBaseUrl(ofKey ?? ownBaseUrl(data, variables), variables, addressVariables(data));
  const baseUrl = checkBaseUrl(id, key?.form?.baseUrl === ofKey ? filled : withApiPath(data, filled));
  return {
    target: {
      provider: id,
      ...(model === undefined || model === "" ? {} : { model }),
      ...(keyAlias === undefined ? {} : { key: keyAlias }),
      ...(options.account === undefined ? {} : { account: options.account }),
      ...(region === undefined ? {} : { region }),
    },
    baseUrl,
    server: serverOf(baseUrl),
    auth,
    credential: key?.credential,
    variables,
    headers: headersOf(id, { ...fillAll(data.headers ?? {}, variables), ...options.headers }, key && auth),
    query: { ...fillAll(data.query ?? {}, variables), ...options.query },
    quirks,
    models: mergeFacts(withPrefill(data), options.models ?? {}),
    prices: options.prices,
    voices: options.voices,
    account: options.account,
    // Addresses in replies of a user's own server are trusted only on that server.
    hosts: given === undefined ? (data.hosts ?? []) : [],
  };
}

/** The facts of the models in the provider's data, each with whether it can be prefilled. */
function withPrefill({ models = {}, prefill = [] }: ProviderData): Readonly<Record<string, ModelFacts>> {
  if (prefill.length === 0) return models;
  return Object.fromEntries(
    Object.entries(models).map(([model, facts]) => [
      model,
      prefill.some((pattern) => matchesModel(pattern, model)) ? { prefill: true, ...facts } : facts,
    ]),
  );
}

/** Merges facts of models, field by field: a price in `given` does not remove a known context window. */
function mergeFacts(
  known: Readonly<Record<string, ModelFacts>>,
  given: Readonly<Record<string, ModelFacts>>,
): Readonly<Record<string, ModelFacts>> {
  const merged: Record<string, ModelFacts> = { ...known };
  for (const [model, facts] of Object.entries(given)) merged[model] = { ...merged[model], ...facts };
  return merged;
}

/** The values given for the endpoint's variables. The region sets the variable `region` or `location`. */
function givenVariables(
  data: ProviderData,
  { region, variables }: EndpointOptions,
): Readonly<Record<string, string | undefined>> {
  const name = ["region", "location"].find((each) => data.variables?.[each] !== undefined);
  return region === undefined || name === undefined ? { ...variables } : { [name]: region, ...variables };
}

/** Host and port of a base URL, which was checked before. */
function serverOf(baseUrl: string): ServerAddress {
  const { hostname, port, protocol } = new URL(baseUrl);
  return { address: hostname, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}

/**
 * Headers by their names in lower case.
 * @throws {AiLibError} `CONFIG_ERROR` for a malformed header, and for the header that carries the key.
 */
function headersOf(
  id: string,
  headers: Readonly<Record<string, string>>,
  auth: AuthStyle | undefined,
): Record<string, string> {
  const taken = auth && keyHeader(auth);
  const named: Record<string, string> = {};
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    const problem = headerProblem(name, value);
    if (problem !== undefined) throw configError(`The provider "${id}": the header "${given}" ${problem}`);
    if (name === taken)
      throw configError(
        `The provider "${id}" has both a key and the header ${name}, which carries it: give one`,
      );
    named[name] = value;
  }
  return named;
}
