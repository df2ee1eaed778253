import type { AiLibError } from "ai-lib";

/** The command succeeded. */
export const OK = 0;
/** A call failed. */
export const FAILED = 1;
/** Wrong usage, or a wrong setting. */
export const USAGE = 2;
/** Interrupted by Ctrl-C; shells report 128 + SIGINT. */
export const INTERRUPTED = 130;

/** The exit code for a failed call. */
export function exitCodeOf({ code }: AiLibError): number {
  if (code === "CANCELLED") return INTERRUPTED;
  return code === "CONFIG_ERROR" || code === "INVALID_REQUEST" ? USAGE : FAILED;
}
