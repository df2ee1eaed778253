import { refuseUnknown } from "../../core/contract/call.js";
import { configError } from "../../core/errors/error.js";
import type { EndpointVariable, ProviderData } from "./data.js";
import { type Environment, readVariable } from "./environment.js";
import { templateNames } from "./template.js";

/**
 * The values of an endpoint's variables: option, then environment, then default. One that has none is absent.
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
    else if (needed.has(name)) throw configError(missing(data.id, name, variable));
  }
  return values;
}

/** The variables that must have a value: those of the base URL and of the paths. */
export function neededVariables(
  data: Pick<ProviderData, "path" | "streamPath">,
  baseUrl: string,
): ReadonlySet<string> {
  return new Set([baseUrl, data.path ?? "", data.streamPath ?? ""].flatMap(templateNames));
}

/** What to do about a variable that has no value. */
function missing(id: string, name: string, { env, what }: EndpointVariable): string {
  const set = env.length === 0 ? "" : `set ${env.join(" or ")}, or `;
  return `The provider "${id}" needs ${name} (${what}): ${set}pass variables: { ${name}: "..." }`;
}

/** The provider's own base URL for these values of its variables. */
export function ownBaseUrl(data: ProviderData, values: Readonly<Record<string, string>>): string {
  for (const [name, urls] of Object.entries(data.baseUrlWhen ?? {})) {
    const value = values[name];
    if (value !== undefined && Object.hasOwn(urls, value)) return urls[value] ?? data.baseUrl;
  }
  return data.baseUrl;
}

/** Query parameters or headers with their variables filled in; those whose variable has no value are left out. */
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

/** A server's address with a scheme and a port, whatever form it was written in. */
function addressOf(value: string, { address }: EndpointVariable): string {
  if (address === undefined) return value;
  // Where a server listens is not where it is called: 0.0.0.0 and :11434 mean every address of this machine.
  const bare = value.replace(/\/+$/, "").replace(/^(https?:\/\/)?(0\.0\.0\.0)?(?=:|$)/i, "$1127.0.0.1");
  if (/^https?:\/\//i.test(bare)) return bare;
  const port = address.port === undefined || /:\d+$/.test(bare) ? "" : `:${address.port}`;
  return `${address.scheme}://${bare}${port}`;
}
