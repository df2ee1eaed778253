import type { Call } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { canonicalJson } from "../core/values/canonical-json.js";
import { sha256 } from "../core/values/sha256.js";

/**
 * A key that two calls share only if they ask the same provider for the same: a SHA-256 of everything that affects an
 * answer. The order of an object's fields makes no difference.
 * @returns undefined where the request is no JSON, or too deep
 */
export function exactKey(provider: ChatProvider, call: Call): string | undefined {
  const { headers, strict, includeRaw } = call.context;
  const parts = [identityOf(provider), call.kind, call.request, headers, strict, includeRaw];
  try {
    return sha256(canonicalJson(parts));
  } catch {
    return undefined;
  }
}

/**
 * Names and targets of a provider and its members, because different providers answer a request without a model with
 * different models.
 */
function identityOf({ name, target, members }: ChatProvider): unknown {
  return [name, target, members?.map(identityOf)];
}
