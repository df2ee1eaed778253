import { afterAll, describe, expect, it } from "vitest";

/** A client of compat/clients, which has a page of its own: docs/clients.md. */
interface Client {
  readonly name: string;
  readonly dialect: string;
}

type Cells = Readonly<Record<string, { readonly why?: string; readonly lacks?: boolean }>>;

interface World {
  readonly failures: readonly unknown[];
  close(): Promise<unknown>;
}

const compat = (path: string): Promise<unknown> =>
  import(/* @vite-ignore */ new URL(`../../../../compat/clients/${path}`, import.meta.url).href);

const { startWorld, upstreamsFor } = (await compat("world.mjs")) as {
  startWorld(): Promise<World>;
  upstreamsFor(dialect: string): readonly string[];
};
const { checkClient } = (await compat("check.mjs")) as {
  checkClient(world: World, client: Client, upstream: string): Promise<Cells>;
};
const SDKS = ["openai", "anthropic", "google", "mistral", "cohere", "ollama", "aws"];
const clients: Client[] = [];
for (const sdk of SDKS)
  clients.push(...((await compat(`adapters/${sdk}.mjs`)) as { clients: readonly Client[] }).clients);

const world = await startWorld();
afterAll(() => world.close());

describe("A relay under the SDK of another vendor", () => {
  it.each(clients.map((client) => [client.name, client] as const))(
    "does all that %s can",
    async (_name, client) => {
      const [upstream = ""] = upstreamsFor(client.dialect);
      const cells = await checkClient(world, client, upstream);
      const bad = Object.entries(cells).flatMap(([feature, { why, lacks }]) =>
        why === undefined || lacks === true ? [] : [`${feature}: ${why}`],
      );
      expect(bad).toEqual([]);
      expect(Object.keys(cells).length).toBeGreaterThan(8);
      expect(world.failures).toEqual([]);
    },
    60_000,
  );
});
