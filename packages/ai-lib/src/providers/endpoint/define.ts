import type { DialectId } from "../../core/contract/dialect.js";
import type { ProviderData } from "./data.js";
import { dialectClient } from "./dialects.js";
import { DialectProvider, type Loaders, type ProviderOptions } from "./provider.js";
import { SERVICES } from "./services.js";
import { checkSettings } from "./shape.js";

/** Every dialect, API and service. Apart from the provider itself, so that a bundle of `ai-lib/endpoint` has none of them. */
const ALL: Loaders = {
  dialectClient,
  loadKindApi: async (kind, api) => (await import("../../apis/index.js")).loadKindApi(kind, api),
  services: SERVICES,
};

/**
 * Makes a provider from the data of an endpoint that speaks a known dialect.
 *
 * @example
 * const labs = defineProvider(
 *   { id: "labs", dialect: "openai-chat", baseUrl: "https://llm.labs.example/v1", model: "gpt-x" },
 *   { apiKey: process.env.LABS_KEY },
 * );
 * @throws {AiLibError} `CONFIG_ERROR` for a missing key (naming its variable), a malformed URL, an unknown field or
 *   quirk, a quirk of a wrong type, or settings that contradict each other.
 */
export function defineProvider<const D extends DialectId>(
  data: ProviderData & { readonly dialect: D },
  options: ProviderOptions<D> = {},
): DialectProvider {
  checkSettings(data, options);
  return new DialectProvider(data, options, ALL);
}
