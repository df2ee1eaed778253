/** How often a job is polled. */
export interface PollOptions {
  /** Milliseconds before the second poll. Default 500. */
  readonly minMs?: number | undefined;
  /** The longest wait in milliseconds; waits grow by half each time. Default 10,000. */
  readonly maxMs?: number | undefined;
}
