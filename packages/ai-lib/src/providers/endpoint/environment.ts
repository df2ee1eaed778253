import type { Environment } from "../../core/values/environment.js";

export type { Environment } from "../../core/values/environment.js";

/** The environment of the process; empty where there is no process (browsers, workers). */
export function processEnvironment(): Environment {
  const host = globalThis as { readonly process?: { readonly env?: Environment } };
  return host.process?.env ?? {};
}

/** The first of some variables that is set and not blank, with its name. */
export function readVariable(
  environment: Environment,
  names: readonly string[],
): { readonly name: string; readonly value: string } | undefined {
  for (const name of names) {
    const value = environment[name]?.trim();
    if (value !== undefined && value !== "") return { name, value };
  }
  return undefined;
}

/** The prefix of a provider's variables: `AZURE_OPENAI` for `azure-openai`. */
export function variablePrefix(providerId: string): string {
  return providerId.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}
