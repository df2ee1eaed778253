import type { ChatRequest } from "../../core/values/chat-request.js";
import { asObject } from "../../core/values/json.js";
import { OWN, ownFields } from "./own-fields.js";
import type { SpecOptions } from "./spec.js";

type Fields = { -readonly [K in keyof ChatRequest]?: ChatRequest[K] };

/** Settings of the AI SDK's own providers that ai-lib has fields for: programs set them for any model. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, (value: never) => Fields>>>> = {
  openai: {
    reasoningEffort: (effort: never) => ({ reasoning: { effort } }),
    reasoningSummary: (summary: never) => ({ reasoning: { summary } }),
    parallelToolCalls: (parallelToolCalls: never) => ({ parallelToolCalls }),
    serviceTier: (serviceTier: never) => ({ serviceTier }),
    promptCacheKey: (cacheKey: never) => ({ cacheKey }),
    textVerbosity: (verbosity: never) => ({ verbosity }),
    maxToolCalls: (maxToolCalls: never) => ({ maxToolCalls }),
    store: (store: never) => ({ store }),
    user: (user: never) => ({ user }),
    metadata: (metadata: never) => ({ metadata }),
    logitBias: (logitBias: never) => ({ logitBias }),
    logprobs: (logprobs: never) => ({ logprobs }),
    previousResponseId: (id: never) => ({ continues: { provider: "openai", id } }),
  },
  anthropic: {
    thinking: (thinking: never) => {
      const { type, budgetTokens } = asObject(thinking) ?? {};
      if (type === "disabled") return { reasoning: { effort: "none" } };
      return typeof budgetTokens === "number" ? { reasoning: { budgetTokens } } : {};
    },
    effort: (effort: never) => ({ reasoning: { effort } }),
    disableParallelToolUse: (disabled: never) => ({ parallelToolCalls: !disabled }),
  },
  google: {
    thinkingConfig: (config: never) => {
      const { thinkingBudget, thinkingLevel } = asObject(config) ?? {};
      if (typeof thinkingBudget === "number") return { reasoning: { budgetTokens: thinkingBudget } };
      return typeof thinkingLevel === "string" ? { reasoning: { effort: thinkingLevel as "low" } } : {};
    },
  },
};

/**
 * The fields of a request that `providerOptions` sets: all under `"ai-lib"`, and the settings of the AI SDK's own
 * providers that have a field here.
 * @param lose is called with each setting that has none.
 */
export function fieldsOfProviderOptions(
  options: SpecOptions | undefined,
  lose: (feature: string, details: string) => void,
): Fields {
  let fields: Fields = {};
  for (const [provider, settings] of Object.entries(options ?? {})) {
    if (provider === OWN) continue;
    const known = Object.hasOwn(KNOWN, provider) ? KNOWN[provider] : undefined;
    for (const [name, value] of Object.entries(settings)) {
      if (value === undefined || value === null) continue;
      const read = known !== undefined && Object.hasOwn(known, name) ? known[name] : undefined;
      if (read !== undefined) fields = { ...fields, ...read(value as never) };
      else
        lose(
          `providerOptions.${provider}.${name}`,
          `Set it as the vendor's field: providerOptions: { "${OWN}": { extensions: { ${provider}: { ... } } } }.`,
        );
    }
  }
  return { ...fields, ...(ownFields(options) as Fields) };
}
