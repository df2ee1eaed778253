import { usageError } from "../errors.js";
import type { Io } from "../io.js";

/**
 * Runs the gateway's own command line, which the package `ai-lib-gateway` brings.
 * @returns its exit code
 * @throws {AiLibError} `CONFIG_ERROR` where that package is not installed.
 */
export async function runGateway(io: Io, args: readonly string[]): Promise<number> {
  const { run } = await loadGateway();
  return run(io, args);
}

async function loadGateway(): Promise<typeof import("ai-lib-gateway/command")> {
  try {
    return await import("ai-lib-gateway/command");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw usageError(
      "The gateway is a package of its own: npm install ai-lib-gateway, or npx ai-lib-gateway",
    );
  }
}
