import { type AiClient, AiClientBuilder, type ChatProvider, type Observer, type Transport } from "ai-lib";
import { provider } from "ai-lib/providers";
import type { Io } from "./io.js";
import { openPrices } from "./prices.js";
import { readSettings, resolveAlias } from "./settings.js";
import { chooseProvider, readSetup } from "./setup.js";

/** How a command asks. */
export interface ClientOptions {
  /** Models as `provider/model` or alias; the first answers, and the others stand in for it, in this order. */
  readonly model?: readonly string[] | undefined;
  /** How often a target that failed is asked again. Default: as `forProduction()`. */
  readonly retry?: number | undefined;
  readonly observers?: readonly Observer[] | undefined;
  readonly transport?: Transport | undefined;
}

/** The timeouts of `forProduction()` that concern a single target. */
const TIMEOUTS = { firstContentMs: 120_000, idleMs: 60_000, stallMs: 120_000 };

/**
 * Creates the client of a command, with the retries and timeouts of `forProduction()`, and its circuit breakers where
 * several models are named.
 * @throws {AiLibError} `CONFIG_ERROR` if no provider is configured, or for an unknown model.
 */
export async function createClient(io: Io, options: ClientOptions = {}): Promise<AiClient> {
  const [main, ...others] = await chooseProviders(io, options);
  const builder = new AiClientBuilder(main).withEnvironment(io.environment);
  // A breaker keeps calls from a target that fails. With one target, that would only refuse the user's next try.
  if (others.length === 0) builder.withRetry().withTimeouts(TIMEOUTS);
  else builder.forProduction().withFailoverChain(others);
  if (options.retry !== undefined)
    builder.withRetry({ maxRetries: options.retry }).withMaxRepeats(options.retry * (others.length + 1));
  for (const observer of options.observers ?? []) builder.withObserver(observer);
  return builder.build();
}

/** Makes the providers of the named models; if none is named, the one that {@link chooseProvider} chooses. */
export async function chooseProviders(
  io: Io,
  { model = [], transport }: Pick<ClientOptions, "model" | "transport">,
): Promise<[ChatProvider, ...ChatProvider[]]> {
  const setup = await readSetup(io);
  const settings = await readSettings(io.environment);
  const { environment, factory } = setup;
  const options = {
    environment,
    prices: await openPrices(),
    ...(transport === undefined ? {} : { transport }),
  };
  const make = (name: string) => provider(resolveAlias(settings, name), options, factory);
  const [first, ...others] = model;
  if (first === undefined) return [await chooseProvider(setup, settings, options)];
  return [make(first), ...others.map(make)];
}

/** The models that can answer, in order: `groq/openai/gpt-oss-20b, then anthropic/claude-haiku-4-5`. */
export function nameModels(provider: ChatProvider): string {
  return listTargets(provider).join(", then ");
}

function listTargets({ members = [], target, name }: ChatProvider): string[] {
  if (target !== undefined)
    return [target.model === undefined ? target.provider : `${target.provider}/${target.model}`];
  const inner = members.flatMap(listTargets);
  return inner.length === 0 ? [name] : [...new Set(inner)];
}
