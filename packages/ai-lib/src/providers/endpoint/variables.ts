import { configError } from "../../core/errors/error.js";
import { refuseUnknown } from "../../core/errors/options.js";
import type { EndpointVariable, ProviderData } from "./data.js";
import { type Environment, readVariable } from "./environment.js";
import { templateNames } from "./template.js";

/**
 * The values of an endpoint's variables: option, then environment, then default. A variable without a value is absent.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown variable, and for one without a value that the base URL or a
 *   path needs.
 */
export function resolveVariables(
  data: ProviderData,
  baseUrl: string,
  given: Readonly<Record<string, string | undefined>>,
  environment: Environment,
): Record<string, string> {
  const known = data.variables ?? {};
  refuseUnknown(`endpoint variable of "${data.id}"`, given, new Set(Object.keys(known)));
  const values: Record<string, string> = {};
  const needed = neededVariables(data, baseUrl);
  for (const [name, variable] of Object.entries(known)) {
    const value = given[name] ?? readVariable(environment, variable.env)?.value ?? variable.default;
    if (value !== undefined && value !== "") values[name] = addressOf(value, variable);
    else if (needed.has(name)) throw configError(missingMessage(data.id, name, variable));
  }
  return values;
}

/** The variables that must have a value: those in the base URL and in the paths. */
export function neededVariables(
  data: Pick<ProviderData, "path" | "streamPath">,
  baseUrl: string,
): ReadonlySet<string> {
  return new Set([baseUrl, data.path ?? "", data.streamPath ?? ""].flatMap(templateNames));
}

/** The variables of a provider that are the address of a server. */
export function addressVariables({ variables = {} }: Pick<ProviderData, "variables">): ReadonlySet<string> {
  return new Set(Object.keys(variables).filter((name) => variables[name]?.address !== undefined));
}

/** The message about a variable without a value. */
function missingMessage(id: string, name: string, { env, what }: EndpointVariable): string {
  const set = env.length === 0 ? "" : `set ${env.join(" or ")}, or `;
  return `The provider "${id}" needs ${name} (${what}): ${set}pass variables: { ${name}: "..." }`;
}

/** The base URL in the provider's data for these values of its variables. */
export function ownBaseUrl(data: ProviderData, values: Readonly<Record<string, string>>): string {
  for (const [name, urls] of Object.entries(data.baseUrlWhen ?? {})) {
    const value = values[name];
    if (value !== undefined && Object.hasOwn(urls, value)) return urls[value] ?? data.baseUrl;
  }
  return data.baseUrl;
}

/** Fills variables into query parameters or headers. Those whose variable has no value are omitted. */
export function fillAll(
  templates: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [name, template] of Object.entries(templates)) {
    const names = templateNames(template);
    if (names.every((each) => values[each] !== undefined))
      filled[name] = template.replace(/\{(\w+)\}/g, (_place, each: string) => values[each] ?? "");
  }
  return filled;
}

/** The address of a server, with a scheme and a port. */
function addressOf(value: string, { address }: EndpointVariable): string {
  if (address === undefined) return value;
  // A server that listens on 0.0.0.0 or :11434, which is every address of this machine, is called at 127.0.0.1. The
  // path of an API is no part of the address.
  const bare = value
    .replace(/(?<!\/)\/+(?:(?:v1|api)\/*)?$/, "")
    .replace(/^(https?:\/\/)?(0\.0\.0\.0)?(?=:|$)/i, "$1127.0.0.1");
  if (/^https?:\/\//i.test(bare)) return bare;
  const port = address.port === undefined || /:\d+$/.test(bare) ? "" : `:${address.port}`;
  return `${address.scheme}://${bare}${port}`;
}
