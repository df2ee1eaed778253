import { AiLibError } from "../core/errors/error.js";

/** All went well. */
export const OK = 0;
/** A call failed. */
const FAILED = 1;
/** The command was used wrongly, or its configuration is wrong. */
export const USAGE = 2;
/** Ctrl-C, as shells report it: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  if (!AiLibError.is(error)) return FAILED;
  if (error.code === "CANCELLED") return INTERRUPTED;
  return error.code === "CONFIG_ERROR" || error.code === "INVALID_REQUEST" ? USAGE : FAILED;
}
