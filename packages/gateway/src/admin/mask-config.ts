import type { GatewayConfig } from "../config/schema.js";

/** What stands for a text that may hold a secret. */
const MASK = "***";

/** Keys whose texts are headers: their values may be secrets that somebody wrote into the file. */
const HEADER_PLACES: ReadonlySet<string> = new Set(["headers", "set"]);

/** Keys whose values are free texts of a vendor. */
const FREE_PLACES: ReadonlySet<string> = new Set(["variables"]);

/**
 * The configuration as the admin API shows it. Secrets are references in it anyway. Values of headers and variables are
 * masked, and addresses lose user names, passwords and queries, since people write secrets there.
 */
export function maskConfig(config: GatewayConfig): Record<string, unknown> {
  return mask(config, false) as Record<string, unknown>;
}

function mask(value: unknown, secret: boolean): unknown {
  if (typeof value === "string") return secret ? MASK : maskAddress(value);
  if (Array.isArray(value)) return value.map((entry) => mask(entry, false));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      HEADER_PLACES.has(key) || FREE_PLACES.has(key) ? maskValues(entry) : mask(entry, false),
    ]),
  );
}

/** Masks the texts of an object of names and values; references and further objects stay readable. */
function maskValues(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return mask(value, false);
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === "set" ? maskValues(entry) : mask(entry, typeof entry === "string"),
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
