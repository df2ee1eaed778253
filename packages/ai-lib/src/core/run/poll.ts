import type { Random } from "../contract/clock.js";
import { type AiLibError, configError } from "../errors/error.js";
import type { PollOptions } from "../values/poll.js";

export type { PollOptions } from "../values/poll.js";

/** Consecutive polls that may fail before the wait for a job fails. */
export const MAX_POLL_FAILURES = 5;

/** The longest wait in milliseconds that a vendor can ask for. */
const LONGEST_WAIT_MS = 60_000;

/** The random share of a wait, so that many jobs are not polled at the same moment. */
const JITTER = 0.2;

/** {@link PollOptions} with their defaults. */
export interface ResolvedPoll {
  readonly minMs: number;
  readonly maxMs: number;
}

/** The defaults of {@link PollOptions}. */
export const DEFAULT_POLL: ResolvedPoll = { minMs: 500, maxMs: 10_000 };

/**
 * Poll options with their defaults.
 * @throws {AiLibError} `CONFIG_ERROR` for a value that is no positive number, or a maximum below the minimum.
 */
export function resolvePoll({ minMs, maxMs }: PollOptions = {}): ResolvedPoll {
  const least = minMs ?? DEFAULT_POLL.minMs;
  const most = maxMs ?? Math.max(least, DEFAULT_POLL.maxMs);
  if (!(least > 0 && most >= least && Number.isFinite(most)))
    throw configError(
      `\`poll\` needs minMs above 0 and maxMs of at least minMs, not ${String(minMs)} and ${String(maxMs)}`,
    );
  return { minMs: least, maxMs: most };
}

/**
 * Milliseconds to wait before a question.
 * @param asked questions so far
 * @param given what the vendor asks for; it wins over `maxMs`, up to one minute
 */
export function pollDelay(
  { minMs, maxMs }: ResolvedPoll,
  asked: number,
  random: Random,
  given?: number,
): number {
  const grown = Math.min(maxMs, minMs * 1.5 ** Math.min(asked, 40));
  const base = given === undefined ? grown : Math.min(LONGEST_WAIT_MS, Math.max(given, minMs));
  // The vendor's wait is a minimum: the jitter only adds to it.
  return given === undefined ? base * (1 - JITTER + 2 * JITTER * random()) : base * (1 + JITTER * random());
}

/** Whether a poll may be repeated: the network or the server failed, and not the job. */
export function isPassing({ code, status }: AiLibError): boolean {
  return code === "NETWORK_ERROR" || status === 429 || (status !== undefined && status >= 500);
}
