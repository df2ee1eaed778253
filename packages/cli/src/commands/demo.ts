import { AiClient } from "ai-lib";
import { ProviderFactory } from "ai-lib/providers";
import { failover } from "ai-lib/strategies";
import { startSimulator } from "ai-lib/testing";
import { type Io, selectColors } from "../io.js";
import { formatAttempts, formatFooter } from "../report.js";

/** The answer of the simulated models. */
const STORY = [
  "One interface, three wire formats. The first provider was overloaded.",
  "The second began this answer and lost its connection midway.",
  "The third sent the answer again in another dialect, and no word appears twice.",
  "",
  'One line of code does this: failover([anthropic, google, openai]), with midStream: "splice".',
  "The table below shows each attempt.",
].join("\n");

/**
 * Runs one chat over a failover chain of three wire formats with injected faults. Streams the text and prints the
 * attempts. Needs no key and no network: a simulator on localhost plays all three providers.
 */
export async function runDemo(io: Io, options: { readonly fast?: boolean }): Promise<void> {
  const color = selectColors(io, io.stdout);
  const simulator = await startSimulator({
    frameDelayMs: options.fast === true ? 0 : 45,
    answer: () => ({ content: [{ type: "text", text: STORY }] }),
  });
  simulator.script("anthropic", [{ status: 529, headDelayMs: 120 }]);
  simulator.script("google", [{ reset: 12, headDelayMs: 80 }]);
  const settings = { apiKey: "demo", environment: {} };
  const chain = failover([
    ProviderFactory.create("anthropic", { ...settings, baseUrl: simulator.baseUrl("anthropic") }),
    ProviderFactory.create("google", { ...settings, baseUrl: `${simulator.baseUrl("google")}/v1beta` }),
    ProviderFactory.create("openai", { ...settings, baseUrl: `${simulator.baseUrl("openai")}/v1` }),
  ]);
  const client = new AiClient(chain);
  try {
    io.stdout.write(`${color.bold(client.name)}, prompt: ${color.cyan("What just happened?")}\n\n`);
    const stream = client.stream("What just happened?", { signal: io.signal, midStream: "splice" });
    for await (const text of stream.text) io.stdout.write(text);
    const response = await stream.response();
    io.stdout.write(`\n\n${formatAttempts(io, response.attempts, io.stdout)}\n\n`);
    io.stdout.write(`${color.green("answered by")} ${formatFooter(io, response, io.stdout)}\n`);
  } finally {
    await client.close();
    await simulator.close();
  }
}
