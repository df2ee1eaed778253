import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DialectId } from "../src/core/contract/dialect.js";
import { type ChatProvider, failover, provider } from "../src/index.js";
import { aiFetch } from "../src/interop/fetch.js";
import { type Simulator, startSimulator } from "../src/testing/index.js";
import { MORE_SDKS, SDKS, type Sdk } from "./support/sdks.js";
import { simulatedEndpoint } from "./support/simulated-endpoint.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const member = (id: string, place: string, dialect: DialectId): ChatProvider =>
  provider(id, { apiKey: "key", transport: simulatedEndpoint(simulator, place, dialect) });

/** A chain in two dialects, the first member of which refuses every connection. */
async function chain(place: string, second: string, dialect: DialectId): Promise<ChatProvider> {
  const first = second === "anthropic" ? "google" : "anthropic";
  const down = await provider(first, { apiKey: "key", baseUrl: "http://127.0.0.1:9" });
  return failover([down, await member(second, place, dialect)]);
}

/** Each client over a chain in two dialects that are not its own. Bedrock's takes no `fetch`. */
const CHAINS: Readonly<Record<string, readonly [id: string, dialect: DialectId]>> = {
  "openai (chat)": ["anthropic", "anthropic-messages"],
  "openai (responses)": ["anthropic", "anthropic-messages"],
  "@anthropic-ai/sdk": ["groq", "openai-chat"],
  "@google/genai": ["groq", "openai-chat"],
  "@mistralai/mistralai": ["anthropic", "anthropic-messages"],
  "cohere-ai": ["groq", "openai-chat"],
  ollama: ["anthropic", "anthropic-messages"],
  "groq-sdk": ["anthropic", "anthropic-messages"],
  "ai with @ai-sdk/openai": ["anthropic", "anthropic-messages"],
  "@langchain/openai": ["anthropic", "anthropic-messages"],
};

const ALL = { ...SDKS, ...MORE_SDKS };

describe.each(Object.keys(CHAINS))("%s over aiFetch, its first member down", (name) => {
  const place = `fetch-${name.replace(/\W+/g, "-")}`;
  let sdk: Sdk;
  beforeAll(async () => {
    sdk = await over(name as keyof typeof ALL, place);
  });

  async function streamed(prompt: string, tools?: boolean): Promise<string[]> {
    const pieces: string[] = [];
    for await (const piece of sdk.stream(prompt, tools)) if (piece !== "") pieces.push(piece);
    return pieces;
  }

  it("chats, whole and streamed", async () => {
    expect(await sdk.chat("Grüße 👋")).toEqual({ text: "You said: Grüße 👋", calls: [] });
    const pieces = await streamed("Say this back in several pieces, please");
    expect(pieces.join("")).toBe("You said: Say this back in several pieces, please");
    expect(pieces.length).toBeGreaterThan(2);
  });

  it("runs a tool loop, whole and streamed", async () => {
    const calls = [{ name: "weather", city: "sample" }];
    expect(await sdk.chat("Weather?", true)).toEqual({ text: "", calls });
    expect(JSON.parse((await streamed("Weather?", true)).join(""))).toEqual({ city: "sample" });
    expect((await sdk.results("22 degrees")).text).toContain("22 degrees");
  });

  it("throws its own class of error, whole and streamed", async () => {
    for (const ask of [() => sdk.chat("Hi"), () => streamed("Hi")]) {
      simulator.always(place, { error: { code: "RATE_LIMIT", message: "Slow down" } });
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      simulator.always(place, undefined);
      expect(error).toBeInstanceOf(sdk.tooMany);
    }
  });
});

/** Clients, over a chain, by name. */
async function over(name: keyof typeof ALL, place: string): Promise<Sdk> {
  const [id, dialect] = CHAINS[name] ?? ["groq", "openai-chat"];
  const fetch = aiFetch(await chain(place, id, dialect), { model: () => undefined });
  return ALL[name]({ base: () => "https://vendor.example", fetch: fetch as typeof globalThis.fetch });
}

// Those of Google and Ollama leave the body of a stream that is left neither cancelled nor read, with any fetch.
it.each([
  "openai (chat)",
  "openai (responses)",
  "@anthropic-ai/sdk",
  "@mistralai/mistralai",
  "cohere-ai",
  "groq-sdk",
] as const)("%s closes the connection to the provider when its stream is left", async (name) => {
  const place = `left-${name}`;
  const sdk = await over(name, place);
  simulator.script(place, [{ frameDelayMs: 20 }]);
  for await (const piece of sdk.stream("Say this back in several pieces, please")) if (piece !== "") break;
  await expect.poll(() => simulator.at(place)[0]?.outcome).toBe("left");
});

// Cohere's streams have no event for an error but a finish reason, which its client hands on.
it.each(Object.keys(CHAINS).filter((name) => name !== "cohere-ai") as (keyof typeof ALL)[])(
  "%s reports a cut stream as an error",
  async (name) => {
    const place = `cut-${name}`;
    const sdk = await over(name, place);
    simulator.script(place, [{ reset: 4 }]);
    const read = async () => {
      for await (const piece of sdk.stream("A text that is long enough to be cut in two")) void piece;
    };
    await expect(read()).rejects.toThrow();
  },
);

it("answers embeddings of another dialect", async () => {
  const google = await member("google", "fetch-embed", "gemini");
  const fetch = aiFetch(google, { model: "gemini-embedding-001" }) as typeof globalThis.fetch;
  const openai = new OpenAI({ apiKey: "k", baseURL: "https://vendor.example/v1", fetch });
  const { data } = await openai.embeddings.create({ model: "m", input: ["a", "b"] });
  expect(data.map(({ embedding }) => embedding.length)).toEqual([expect.any(Number), expect.any(Number)]);
  expect(data[0]?.embedding.length).toBeGreaterThan(0);
});
