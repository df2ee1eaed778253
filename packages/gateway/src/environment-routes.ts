import { type ChatProvider, type Environment, type PriceSource, ProviderFactory } from "ai-lib";
import { targetOf } from "ai-lib/kit";
import { retry } from "ai-lib/resilience";
import { ModelTable } from "./model-table.js";

/** The providers whose keys an environment has, by id. */
export function environmentProviders(
  environment: Environment,
  prices: PriceSource,
): Map<string, ChatProvider> {
  const found = new Map<string, ChatProvider>();
  for (const id of ProviderFactory.configured(environment))
    found.set(id, retry(ProviderFactory.create(id, { environment, prices })));
  return found;
}

/** The models of a gateway without a file: those of every provider whose key is in the environment. */
export function environmentTable(environment: Environment, prices: PriceSource): ModelTable {
  return tableOf(environmentProviders(environment, prices), prices);
}

/**
 * A table without routes: clients name models as `provider/model`, or by bare names that a provider is known to have.
 */
export function tableOf(providers: ReadonlyMap<string, ChatProvider>, prices: PriceSource): ModelTable {
  return new ModelTable({
    routes: [],
    providers,
    knows: (id, model) => {
      const provider = providers.get(id);
      if (provider === undefined) return false;
      if (targetOf(provider)?.model === model || provider.facts?.(model) !== undefined) return true;
      return prices.price(id, model, undefined, ProviderFactory.data(id).priceId ?? undefined) !== undefined;
    },
  });
}
