import type { AiLibError } from "ai-lib";

/** The command succeeded. */
export const OK = 0;
/** A call failed. */
const FAILED = 1;
/** Wrong usage, or a wrong setting. */
export const USAGE = 2;
/** Interrupted by Ctrl-C: 128 + SIGINT, as shells report it. */
export const INTERRUPTED = 130;

/** Maps the error of a command to its exit code. */
export function toExitCode({ code }: AiLibError): number {
  if (code === "CANCELLED") return INTERRUPTED;
  return code === "CONFIG_ERROR" || code === "INVALID_REQUEST" ? USAGE : FAILED;
}
