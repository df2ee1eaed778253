import type { Call } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { sha256 } from "../core/values/sha256.js";

/**
 * A key that two calls share only if the same provider would be asked the same: a SHA-256 of all that shapes an answer.
 * The order of an object's fields makes no difference.
 * @returns undefined where the request is no JSON, or too deep
 */
export function exactKey(provider: ChatProvider, call: Call): string | undefined {
  const { headers, strict, includeRaw } = call.context;
  const parts = [identityOf(provider), call.kind, call.request, headers, strict, includeRaw];
  try {
    return sha256(JSON.stringify(parts, sortFields));
  } catch {
    return undefined;
  }
}

/** Names and targets of a provider and its members: a request without a model is answered by other models elsewhere. */
function identityOf({ name, target, members }: ChatProvider): unknown {
  return [name, target, members?.map(identityOf)];
}

/** Objects become lists of their fields by name: so that a field named `__proto__` counts, too. */
function sortFields(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return ["object", ...fields.sort(([a], [b]) => (a < b ? -1 : 1))];
}
