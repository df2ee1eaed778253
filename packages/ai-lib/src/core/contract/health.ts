import type { ChatProvider } from "./provider.js";

/** A source of the health of providers: strategies consult it and report the results of their calls to it. */
export interface HealthSource {
  /** The provider, wrapped so that this source observes its calls. The same one each time for the same provider. */
  watch(provider: ChatProvider): ChatProvider;
  /**
   * False where the provider is known to be down. A strategy then asks it last; it is never left out, so that a call is
   * tried even if everything is down.
   * @param now epoch milliseconds
   * @param model the model it would be asked for; undefined for its default
   */
  isHealthy(provider: ChatProvider, now: number, model: string | undefined): boolean;
}
