import { configError } from "../errors/error.js";
import type { ChatProvider } from "./provider.js";

/** Whether a value has the required members of a {@link ChatProvider}. */
export function isProvider(value: unknown): value is ChatProvider {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<ChatProvider>).name === "string" &&
    typeof (value as Partial<ChatProvider>).chat === "function" &&
    typeof (value as Partial<ChatProvider>).stream === "function"
  );
}

/**
 * Checks an argument that must be a provider, for callers without types.
 * @param taker what takes the argument, such as `"AiClient"`, for the message
 * @throws {AiLibError} `CONFIG_ERROR` that says how to make a provider.
 */
export function requireProvider(taker: string, value: unknown): asserts value is ChatProvider {
  if (isProvider(value)) return;
  if (typeof value === "string")
    throw configError(`${taker} takes a provider, not the text "${value}": write provider("${value}")`);
  throw configError(`${taker} takes a provider: an object with a name and the methods chat and stream`);
}
