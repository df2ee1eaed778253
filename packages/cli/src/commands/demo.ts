import { AiClient } from "ai-lib";
import { ProviderFactory } from "ai-lib/providers";
import { failover } from "ai-lib/strategies";
import { startSimulator } from "ai-lib/testing";
import { colorsFor, type Io } from "../io.js";
import { footer, trail } from "../report.js";

/** What the simulated models tell. */
const STORY =
  "One interface, three wire formats. The first provider was overloaded; the second began this very answer and lost " +
  "its connection midway; the third gave it again in yet another dialect, and what you had read already was not " +
  "printed twice. All of that was decided by composition: failover([anthropic, google, openai]), with splicing " +
  "switched on. What it took is told below.";

/**
 * Runs one chat over a failover chain of three wire formats with faults injected, streams the text and prints the
 * attempt trail. Needs no key and no network: a simulator on loopback plays all three providers.
 */
export async function demo(io: Io, options: { readonly fast?: boolean }): Promise<void> {
  const color = colorsFor(io, io.stdout);
  const simulator = await startSimulator({
    frameDelayMs: options.fast === true ? 0 : 45,
    answer: () => ({ content: [{ type: "text", text: STORY }] }),
  });
  simulator.script("anthropic", [{ status: 529, headDelayMs: 120 }]);
  simulator.script("google", [{ reset: 12, headDelayMs: 80 }]);
  const at = { apiKey: "demo", environment: {} };
  const chain = failover([
    ProviderFactory.create("anthropic", { ...at, baseUrl: simulator.baseUrl("anthropic") }),
    ProviderFactory.create("google", { ...at, baseUrl: `${simulator.baseUrl("google")}/v1beta` }),
    ProviderFactory.create("openai", { ...at, baseUrl: `${simulator.baseUrl("openai")}/v1` }),
  ]);
  const client = new AiClient(chain);
  try {
    io.stdout.write(`${color.bold(client.name)}, asked: ${color.cyan("What just happened?")}\n\n`);
    const stream = client.stream("What just happened?", { signal: io.signal, midStream: "splice" });
    for await (const text of stream.text) io.stdout.write(text);
    const response = await stream.response();
    io.stdout.write(`\n\n${trail(io, response.attempts, io.stdout)}\n\n`);
    io.stdout.write(`${color.green("answered by")} ${footer(io, response, io.stdout)}\n`);
  } finally {
    await client.close();
    await simulator.close();
  }
}
