import type { ChatProvider } from "../core/contract/provider.js";
import { isProvider } from "../core/contract/require-provider.js";
import { configError } from "../core/errors/error.js";
import { parseSpec } from "../providers/spec.js";
import { type ProviderLike, resolve } from "./target.js";

/**
 * The target of an alias: a name such as `"groq/openai/gpt-oss-20b"`, any provider with its default model, or a provider
 * with the model to request from it.
 */
export type AliasTarget =
  | ProviderLike
  | { readonly provider: ChatProvider; readonly model?: string | undefined };

/** A resolved alias. */
export interface Alias {
  readonly provider: ChatProvider;
  /** Undefined: the provider's default. */
  readonly model: string | undefined;
}

/**
 * The aliases of a client, by name.
 * @param make makes the provider of a text
 * @throws {AiLibError} `CONFIG_ERROR` for an empty name, or a target that is none.
 */
export function resolveAliases(
  aliases: Readonly<Record<string, AliasTarget>>,
  make: (target: ProviderLike) => ChatProvider = (target) => resolve(target, {}),
): ReadonlyMap<string, Alias> {
  const entries = Object.entries(aliases).map(([name, target]) => {
    if (name.trim() === "") throw configError("The name of an alias may not be empty");
    return [name, aliasOf(name, target, make)] as const;
  });
  return new Map(entries);
}

function aliasOf(name: string, target: AliasTarget, make: (target: ProviderLike) => ChatProvider): Alias {
  if (typeof target === "string") return { provider: make(target), model: parseSpec(target).model };
  if (isProvider(target)) return { provider: make(target), model: undefined };
  const { provider, model } = (target ?? {}) as { readonly provider?: ChatProvider; readonly model?: string };
  if (!isProvider(provider) || (model !== undefined && (typeof model !== "string" || model === "")))
    throw configError(
      `The alias "${name}" must lead to a text such as "groq/openai/gpt-oss-20b", a provider, or { provider, model }`,
    );
  return { provider, model };
}
