import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, it } from "vitest";
import { provider } from "../../index.js";
import { aiFetch } from "../../interop/fetch.js";
import { type Simulator, startSimulator } from "../simulator.js";
import { recorded } from "./recorded.js";

let simulator: Simulator;
let folder: string;
beforeAll(async () => {
  simulator = await startSimulator();
  folder = await mkdtemp(join(tmpdir(), "ai-lib-recorded-"));
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** OpenAI's SDK, answered by a provider whose transport records. */
function sdk(
  vendor: string,
  dialect: "anthropic-messages" | "bedrock-converse" | "openai-chat",
  replay: boolean,
): OpenAI {
  const transport = recorded(folder, { mode: replay ? "replay" : "auto" });
  // A port on which nothing listens, where nothing may be sent.
  const base = replay
    ? simulator.baseUrl(vendor, dialect).replace(/:\d+/, ":9")
    : simulator.baseUrl(vendor, dialect);
  const path = dialect === "openai-chat" ? "/v1" : "";
  const upstream = provider(vendor, {
    apiKey: "simulated-key-0123456789",
    region: "eu-west-1",
    baseUrl: base + path,
    transport,
  });
  return new OpenAI({ apiKey: "unused", maxRetries: 0, fetch: aiFetch(upstream, { model: "some-model" }) });
}

it.each([
  ["openai", "openai-chat"],
  ["anthropic", "anthropic-messages"],
  ["bedrock", "bedrock-converse"],
] as const)("a program on OpenAI's SDK over %s plays what it recorded", async (vendor, dialect) => {
  const run = async (replay: boolean) => {
    const client = sdk(vendor, dialect, replay);
    const messages = [{ role: "user" as const, content: "Grüß Gott, and good evening to all of you" }];
    let streamed = "";
    for await (const chunk of await client.chat.completions.create({ model: "x", messages, stream: true }))
      streamed += chunk.choices[0]?.delta.content ?? "";
    const { choices } = await client.chat.completions.create({ model: "x", messages });
    return [streamed, choices[0]?.message.content];
  };
  const said = await run(false);
  expect(said[0]).toContain("Grüß Gott");
  const asked = simulator.at(vendor).length;
  expect(await run(true)).toEqual(said);
  expect(simulator.at(vendor)).toHaveLength(asked);
  expect((await readdir(folder)).length).toBeGreaterThanOrEqual(2);
});
