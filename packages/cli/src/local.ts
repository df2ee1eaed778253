import type { Environment } from "ai-lib";
import type { ProviderFactory } from "ai-lib/providers";

/** Local servers, most preferred first. */
const LOCAL_IDS = ["ollama", "lmstudio", "llamacpp"] as const;

/** Time for a local server to respond, in milliseconds; short, because it runs on this machine. */
const PROBE_MS = 400;

/** A local server that responds, and its first model. */
export interface LocalServer {
  readonly id: string;
  readonly model: string;
}

/** Probes the known local servers in parallel; returns the most preferred one that has a model. */
export async function findLocalServer(
  factory: ProviderFactory,
  environment: Environment,
): Promise<LocalServer | undefined> {
  const probes = LOCAL_IDS.map(async (id): Promise<LocalServer | undefined> => {
    try {
      const provider = factory.create(id, { environment });
      const [first] = await provider.listModels({ timeouts: { totalMs: PROBE_MS, connectMs: PROBE_MS } });
      return first === undefined ? undefined : { id, model: first.id };
    } catch {
      // No server is running there.
      return undefined;
    }
  });
  return (await Promise.all(probes)).find((found) => found !== undefined);
}
