import type { ProviderData } from "./data.js";
import type { EndpointOptions } from "./endpoint.js";

/** Fields of data whose values are texts. */
const TEXTS: ReadonlySet<string> = new Set([
  "id",
  "dialect",
  "baseUrl",
  "model",
] satisfies (keyof ProviderData)[]);

/** Options whose values have a shape. */
const SHAPED = ["models", "headers", "query", "quirks", "voices"] satisfies (keyof EndpointOptions)[];

/**
 * Whether data and options have nothing but what this function checks: an id, an address, a model, and a key that is
 * sent as a bearer token or not at all. The checks of all other fields are much more code.
 */
export function isPlainData(data: Partial<ProviderData>, options: EndpointOptions): boolean {
  const { id, baseUrl } = data;
  if (typeof baseUrl !== "string" || typeof id !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(id)) return false;
  for (const [name, value] of Object.entries(data))
    if (name === "auth" ? !isPlainAuth(value) : !TEXTS.has(name) || typeof value !== "string") return false;
  const { baseUrl: other = baseUrl } = options;
  return typeof other === "string" && SHAPED.every((name) => options[name] === undefined);
}

function isPlainAuth(auth: unknown): boolean {
  if (typeof auth !== "object" || auth === null) return false;
  const { style, ...others } = auth as { readonly style?: unknown };
  return (style === "none" || style === "bearer") && Object.keys(others).length === 0;
}
