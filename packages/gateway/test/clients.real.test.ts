import { scripted } from "ai-lib/testing";
import { afterAll, describe, expect, it } from "vitest";
import * as gateway from "../src/embed.js";

/** A client of compat/clients, whose features docs/clients.md lists. */
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
  import(/* @vite-ignore */ new URL(`../../../compat/clients/${path}`, import.meta.url).href);

const { startWorld, upstreamsFor } = (await compat("world.mjs")) as {
  startWorld(options: { readonly gateway: typeof gateway }): Promise<World>;
  upstreamsFor(dialect: string): readonly string[];
};
const { startGateway } = (await compat("../gateway.mjs")) as {
  startGateway(parts: typeof gateway, options: object): Promise<gateway.Gateway>;
};
const { checkClient } = (await compat("check.mjs")) as {
  checkClient(world: World, client: Client, upstream: string): Promise<Cells>;
};

/** The vendors' own SDKs: one or more for every dialect that the gateway takes in. */
const SDKS = ["openai", "anthropic", "google", "mistral", "cohere", "ollama", "aws"];
const clients: Client[] = [];
for (const sdk of SDKS)
  clients.push(...((await compat(`adapters/${sdk}.mjs`)) as { clients: readonly Client[] }).clients);

const world = await startWorld({ gateway });
afterAll(() => world.close());

describe("A gateway under the SDKs of vendors", () => {
  it("has a client of every dialect", () => {
    expect([...new Set(clients.map(({ dialect }) => dialect))].sort()).toEqual([
      "anthropic-messages",
      "bedrock-converse",
      "cohere-chat",
      "gemini",
      "mistral-chat",
      "ollama-chat",
      "openai-chat",
      "openai-responses",
    ]);
  });

  it("takes the key of the coding agents in compat/agents", async () => {
    const upstream = scripted({ name: "up", replies: [{ text: "Hello" }] });
    const started = await startGateway(gateway, { provider: upstream, model: "m", key: "k" });
    const body = JSON.stringify({ model: "any", messages: [{ role: "user", content: "Hi" }] });
    const status = async (key: string) => {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      return (await fetch(`${started.url}/v1/chat/completions`, { method: "POST", headers, body })).status;
    };
    expect([await status("k"), await status("other")]).toEqual([200, 401]);
    await started.cut();
  });

  it.each(
    clients.flatMap((client) =>
      upstreamsFor(client.dialect).map((upstream) => [client.name, upstream, client] as const),
    ),
  )(
    "does all that %s can over %s",
    async (_name, upstream, client) => {
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
