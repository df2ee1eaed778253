import type { ChatResponse } from "ai-lib";

/** The speed of an answer. A field is missing where it cannot be measured. */
export interface Speed {
  /** From the start of the successful attempt to its end, in milliseconds. */
  readonly totalMs?: number;
  /** From its start to its first content, in milliseconds; missing if the answer was not streamed. */
  readonly firstContentMs?: number;
  readonly tokensPerSecond?: number;
}

/** The shortest generation time, in milliseconds, from which tokens per second are computed. */
const SHORTEST_MS = 50;

/** Measures the attempt that answered. */
export function measureSpeed(response: ChatResponse): Speed {
  const last = response.attempts.at(-1);
  if (last?.endedAt === undefined) return {};
  const totalMs = last.endedAt - last.startedAt;
  const firstContentMs =
    last.firstContentMs !== undefined && totalMs - last.firstContentMs > 1 ? last.firstContentMs : undefined;
  const writingMs = totalMs - (firstContentMs ?? 0);
  return {
    totalMs,
    ...(firstContentMs === undefined ? {} : { firstContentMs }),
    ...(writingMs < SHORTEST_MS
      ? {}
      : { tokensPerSecond: Math.round((response.usage.outputTokens / writingMs) * 1000) }),
  };
}
