import type { Extensions } from "../../../core/values/message.js";

/** The extensions for a provider as parameters of a query. */
export function queryFields(
  extensions: Extensions | undefined,
  provider: string,
): Readonly<Record<string, string>> {
  const own =
    extensions !== undefined && Object.hasOwn(extensions, provider) ? extensions[provider] : undefined;
  return Object.fromEntries(
    Object.entries(own ?? {})
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]),
  );
}
