import { once } from "node:events";
import { startSimulator } from "ai-lib/testing";
import { configError } from "../errors.js";
import type { Io } from "../io.js";

/** Serves the simulator until it is interrupted. */
export async function simulate(
  io: Io,
  options: { readonly port?: string; readonly delay?: string },
): Promise<void> {
  const port = numberOf("--port", options.port ?? "0");
  const frameDelayMs = numberOf("--delay", options.delay ?? "0");
  const simulator = await startSimulator({ port, frameDelayMs });
  io.stdout.write(`The simulator listens on ${simulator.url}\n`);
  io.stdout.write(`  OpenAI-shaped     OPENAI_BASE_URL=${simulator.url}/v1\n`);
  io.stdout.write(`  Anthropic-shaped  ANTHROPIC_BASE_URL=${simulator.url}\n`);
  io.stdout.write(`  Gemini-shaped     GOOGLE_BASE_URL=${simulator.url}/v1beta\n`);
  io.stdout.write("Any key will do. Ctrl-C ends it.\n");
  if (!io.signal.aborted) await once(io.signal, "abort");
  await simulator.close();
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw configError(`${name} takes a whole number of 0 or more, not "${text}"`);
  return value;
}
