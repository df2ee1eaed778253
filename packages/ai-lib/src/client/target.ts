import type { ChatProvider } from "../core/contract/provider.js";
import type { Transport } from "../core/contract/transport.js";
import { configError } from "../core/errors/error.js";
import type { ProviderOptions } from "../providers/endpoint/provider.js";
import { ProviderFactory } from "../providers/factory.js";
import { parseSpec, type TargetName } from "../providers/spec.js";

/** A provider, or the name of one: `"groq"`, `"groq/openai/gpt-oss-120b"`. */
export type ProviderLike = TargetName | ChatProvider;

/** The option that hands a transport on, where there is one. */
export function transportOption(transport: Transport | undefined): { readonly transport?: Transport } {
  return transport === undefined ? {} : { transport };
}

/**
 * A target as a provider.
 * @throws {AiLibError} `CONFIG_ERROR` for settings of a provider that was made elsewhere.
 */
export function resolve(target: ProviderLike, options: ProviderOptions): ChatProvider {
  if (typeof target !== "string") {
    const { environment: _environment, transport: _transport, prices: _prices, ...own } = options;
    const [setting] = Object.keys(own);
    if (setting !== undefined)
      throw configError(
        `"${setting}" was set for "${target.name}", which is a provider object: set it where that is made`,
      );
    return target;
  }
  const { id, model } = parseSpec(target);
  return ProviderFactory.create(id, { ...(model === undefined ? {} : { model }), ...options });
}
