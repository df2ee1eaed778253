import type { ChatProvider } from "ai-lib";
import { loadPrices } from "ai-lib/cost";
import { factoryOf, ownProviders, type ProviderFactory, provider } from "ai-lib/providers";
import { configError } from "./errors.js";
import type { Io } from "./io.js";
import { keysPath, readKeys } from "./keys-file.js";
import { findLocal } from "./local.js";

/** What commands know of the user's settings. */
export interface Setup {
  /** The environment over the stored keys: a variable wins over the file. */
  readonly environment: NodeJS.ProcessEnv;
  /** The prebuilt providers, and those of the file that `AI_LIB_PROVIDERS` names. */
  readonly factory: ProviderFactory;
}

/** Reads the settings. */
export async function readSetup(io: Io): Promise<Setup> {
  const stored = await readKeys(keysPath(io.environment));
  const environment = { ...stored, ...io.environment };
  return { environment, factory: factoryOf(await ownProviders(environment)) };
}

/** Who is asked first where several keys are set; the others follow by name. */
const PREFERRED: readonly string[] = ["openai", "anthropic", "google", "openrouter", "groq", "mistral"];

/** Providers whose key is set, in the order in which one is chosen. */
export function configuredProviders({ factory, environment }: Setup): string[] {
  const rank = (id: string) => {
    const place = PREFERRED.indexOf(id);
    return place < 0 ? PREFERRED.length : place;
  };
  return factory
    .ids()
    .filter((id) => {
      const { configured, key } = factory.describe(id, environment);
      return configured && key.from !== undefined;
    })
    .sort((a, b) => rank(a) - rank(b));
}

/**
 * The provider to ask: `-m provider/model`, else `DEFAULT_AI_MODEL`, else the first with a key, else a local server.
 * @throws {AiLibError} `CONFIG_ERROR` that says exactly what to do where there is none.
 */
export async function chooseProvider(setup: Setup, spec: string | undefined): Promise<ChatProvider> {
  const { environment, factory } = setup;
  const prices = await loadPrices();
  const wanted = spec ?? nonEmpty(environment["DEFAULT_AI_MODEL"]);
  if (wanted !== undefined) return provider(wanted, { environment, prices }, factory);
  const [first] = configuredProviders(setup);
  if (first !== undefined) return factory.create(first, { environment, prices });
  const local = await findLocal(factory, environment);
  if (local !== undefined) return factory.create(local.id, { environment, prices, model: local.model });
  throw configError(
    [
      "No provider is configured, and no local Ollama, LM Studio or llama.cpp answers. Do one of these:",
      "  ai-lib keys set groq          store a key (also: openai, anthropic, google, ...)",
      "  export OPENAI_API_KEY=...     or set it in the environment",
      "  ollama serve                  or start a local model",
      "  ai-lib demo                   or watch the simulator, which needs no key",
      "`ai-lib providers` lists every provider and the variable that it wants.",
    ].join("\n"),
  );
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value.trim();
}
