import { once } from "node:events";
import { startSimulator } from "ai-lib/testing";
import { usageError } from "../errors.js";
import type { Io } from "../io.js";
import { parseWholeNumber } from "../option-values.js";

/**
 * Runs the simulator until the command is interrupted.
 * @throws {AiLibError} `CONFIG_ERROR` if the port cannot be used.
 */
export async function runSimulator(
  io: Io,
  options: { readonly port?: string; readonly delay?: string },
): Promise<void> {
  const port = parseWholeNumber("--port", options.port ?? "0");
  const frameDelayMs = parseWholeNumber("--delay", options.delay ?? "0");
  const simulator = await startSimulator({ port, frameDelayMs }).catch((error: unknown) => {
    throw usageError(`The simulator cannot use port ${port}: ${(error as Error).message}`);
  });
  io.stdout.write(`The simulator listens on ${simulator.url}\n`);
  io.stdout.write(`  OpenAI dialect     OPENAI_BASE_URL=${simulator.url}/v1\n`);
  io.stdout.write(`  Anthropic dialect  ANTHROPIC_BASE_URL=${simulator.url}\n`);
  io.stdout.write(`  Gemini dialect     GOOGLE_BASE_URL=${simulator.url}/v1beta\n`);
  io.stdout.write("Any key works. Press Ctrl-C to stop.\n");
  if (!io.signal.aborted) await once(io.signal, "abort");
  await simulator.close();
}
