import { type ChatProvider, type DialectId, ProviderFactory } from "ai-lib";
import { retry } from "ai-lib/resilience";
import { failover } from "ai-lib/strategies";
import { type Simulator, startSimulator } from "ai-lib/testing";
import { ModelTable } from "./model-table.js";

/** Models without keys: a simulator plays the vendors. */
export interface Demo {
  readonly table: ModelTable;
  readonly simulator: Simulator;
}

/** The simulated vendors: their paths, and the dialect if another vendor has the same path. */
const VENDORS: Readonly<Record<string, { readonly path: string; readonly dialect?: DialectId }>> = {
  openai: { path: "/v1" },
  anthropic: { path: "" },
  google: { path: "/v1beta" },
  mistral: { path: "/v1", dialect: "mistral-chat" },
  cohere: { path: "" },
  ollama: { path: "" },
};

/** Starts a simulator, and providers that send their requests to it. The route `demo` fails over between three. */
export async function startDemo(): Promise<Demo> {
  const simulator = await startSimulator();
  const providers = new Map<string, ChatProvider>();
  for (const [id, { path, dialect }] of Object.entries(VENDORS)) {
    providers.set(
      id,
      retry(
        ProviderFactory.create(id, {
          apiKey: "demo",
          environment: {},
          baseUrl: `${simulator.baseUrl(id, dialect)}${path}`,
        }),
      ),
    );
  }
  const members = ["anthropic", "google", "openai"].flatMap((id) => providers.get(id) ?? []);
  const provider = failover(members);
  return {
    simulator,
    table: new ModelTable({
      routes: ["demo", "default"].map((name) => ({ name, provider })),
      providers,
      knows: () => false,
    }),
  };
}
