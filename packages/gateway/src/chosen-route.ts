import { type ChatProvider, DEFAULT_TIMEOUTS, type Timeouts } from "ai-lib";

/** Who answers a call. */
export interface ChosenRoute {
  readonly route: string;
  readonly provider: ChatProvider;
  /** The model to ask the provider for; undefined for its default. */
  readonly model: string | undefined;
  readonly settings?: { readonly timeouts?: Timeouts | undefined } | undefined;
}

/** How long a call of a route takes at most, in milliseconds. */
export function longestMs({ settings: { timeouts = {} } = {} }: Pick<ChosenRoute, "settings">): number {
  const { totalMs = DEFAULT_TIMEOUTS.totalMs, streamMs = DEFAULT_TIMEOUTS.streamMs } = timeouts;
  return totalMs + streamMs;
}
