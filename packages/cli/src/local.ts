import type { Environment } from "ai-lib";
import type { ProviderFactory } from "ai-lib/providers";

/** Local servers, in the order in which they are looked for. */
const LOCAL_IDS = ["ollama", "lmstudio", "llamacpp"] as const;

/** Milliseconds that a local server has to answer; it is on this machine. */
const PROBE_MS = 400;

/** A local server that answers, and its first model. */
export interface LocalServer {
  readonly id: string;
  readonly model: string;
}

/** Looks for a local server with at least one model; all are asked at once, the first in order wins. */
export async function findLocal(
  factory: ProviderFactory,
  environment: Environment,
): Promise<LocalServer | undefined> {
  const probes = LOCAL_IDS.map(async (id): Promise<LocalServer | undefined> => {
    try {
      const provider = factory.create(id, { environment });
      const models = await provider.listModels({ timeouts: { totalMs: PROBE_MS, connectMs: PROBE_MS } });
      const [first] = models;
      return first === undefined ? undefined : { id, model: first.id };
    } catch {
      // Nobody there: that is what was asked.
      return undefined;
    }
  });
  return (await Promise.all(probes)).find((found) => found !== undefined);
}
