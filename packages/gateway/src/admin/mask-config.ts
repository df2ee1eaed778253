import type { GatewayConfig } from "../config/schema.js";

/** Replaces a text that may hold a secret. */
const MASK = "***";

/** Keys whose values are objects of texts with arbitrary names: headers, and variables of a vendor. */
const FREE_PLACES: ReadonlySet<string> = new Set(["headers", "set", "variables"]);

/**
 * The configuration for the admin API. Secrets are references in it anyway. Values of headers and variables are masked,
 * and addresses lose user names, passwords and queries, since people write secrets there.
 */
export function maskConfig(config: GatewayConfig): Record<string, unknown> {
  return mask(config) as Record<string, unknown>;
}

function mask(value: unknown): unknown {
  if (typeof value === "string") return maskAddress(value);
  if (Array.isArray(value)) return value.map(mask);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, FREE_PLACES.has(key) ? maskTexts(entry) : mask(entry)]),
  );
}

/** Masks the texts of an object; references to secrets, lists of names and further objects stay readable. */
function maskTexts(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return mask(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      typeof entry === "string" ? MASK : FREE_PLACES.has(key) ? maskTexts(entry) : mask(entry),
    ]),
  );
}

function maskAddress(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username === "" && url.password === "" && url.search === "") return text;
  if (url.username !== "") url.username = MASK;
  if (url.password !== "") url.password = MASK;
  if (url.search !== "") url.search = MASK;
  return url.href;
}
