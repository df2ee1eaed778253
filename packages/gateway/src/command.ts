import type { Io } from "./io.js";
import { run as runProgram } from "./program.js";

export type { Io } from "./io.js";

/**
 * Runs the command `ai-lib-gateway` in the process of another program, such as `ai-lib gateway`. SIGTERM ends it as
 * `io.signal` does.
 * @returns the exit code
 */
export async function run(io: Io, args: readonly string[]): Promise<number> {
  const terminated = new AbortController();
  const onTerminate = () => terminated.abort();
  process.once("SIGTERM", onTerminate);
  try {
    return await runProgram({ ...io, signal: AbortSignal.any([io.signal, terminated.signal]) }, args);
  } finally {
    process.off("SIGTERM", onTerminate);
  }
}
