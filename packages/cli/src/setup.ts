import type { ChatProvider, ProviderOptions } from "ai-lib";
import { factoryOf, ownProviders, type ProviderFactory, provider } from "ai-lib/providers";
import { usageError } from "./errors.js";
import type { Io } from "./io.js";
import { locateKeys, readKeys } from "./keys-file.js";
import { findLocalServer } from "./local.js";
import { resolveAlias, type Settings } from "./settings.js";

/** The user's settings, as commands need them. */
export interface Setup {
  /** The stored keys, overridden by the environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Makes the prebuilt providers, and those of the file that `AI_LIB_PROVIDERS` names. */
  readonly factory: ProviderFactory;
}

/** Reads the stored keys and the file of providers. */
export async function readSetup(io: Io): Promise<Setup> {
  const stored = await readKeys(locateKeys(io.environment));
  const environment = { ...stored, ...io.environment };
  return { environment, factory: factoryOf(await ownProviders(environment)) };
}

/** Lists the providers whose key is set, most preferred first. */
export function listConfigured({ factory, environment }: Setup): readonly string[] {
  return factory.configured(environment);
}

/**
 * Chooses the provider that answers where no model is named: `DEFAULT_AI_MODEL`, else the default model of the settings,
 * else the first configured provider, else a local server.
 * @throws {AiLibError} `CONFIG_ERROR` if there is none; the message lists what to do.
 */
export async function chooseProvider(
  setup: Setup,
  settings: Settings,
  options: ProviderOptions,
): Promise<ChatProvider> {
  const { environment, factory } = setup;
  const wanted = readDefaultModel(environment) ?? settings.defaultModel;
  if (wanted !== undefined) return provider(resolveAlias(settings, wanted), options, factory);
  const first = listConfigured(setup).find((id) => factory.describe(id).kinds.includes("chat"));
  if (first !== undefined) return factory.create(first, options);
  const local = await findLocalServer(factory, environment);
  if (local !== undefined) return factory.create(local.id, { ...options, model: local.model });
  throw usageError(
    [
      "No provider is configured, and no local server (Ollama, LM Studio, llama.cpp, vLLM ...) responds. Do one of these:",
      "  ai-lib keys set groq          store a key (also: openai, anthropic, google, ...)",
      "  export OPENAI_API_KEY=...     set a key in the environment",
      "  ollama serve                  start a local model",
      "  ai-lib demo                   try the simulator, which needs no key",
      "`ai-lib providers` lists every provider and the variable that holds its key.",
    ].join("\n"),
  );
}

function readDefaultModel(environment: NodeJS.ProcessEnv): string | undefined {
  const model = environment["DEFAULT_AI_MODEL"]?.trim();
  return model === "" ? undefined : model;
}
