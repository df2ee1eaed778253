import type { Environment } from "ai-lib";
import type { ProviderFactory } from "ai-lib/providers";

/** Time for a local server to respond, in milliseconds; short, because it runs on this machine. */
const PROBE_MS = 400;

/** A local server that responds, and its first model. */
export interface LocalServer {
  readonly id: string;
  readonly model: string;
}

/** The providers that run on this machine, most preferred first. */
function listLocal(factory: ProviderFactory): string[] {
  return factory
    .ids()
    .filter((id) => factory.data(id).local === true)
    .sort(factory.byPreference);
}

/** Probes the local servers in parallel; returns the most preferred one that has a model. */
export async function findLocalServer(
  factory: ProviderFactory,
  environment: Environment,
): Promise<LocalServer | undefined> {
  const probes = listLocal(factory).map(async (id): Promise<LocalServer | undefined> => {
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
