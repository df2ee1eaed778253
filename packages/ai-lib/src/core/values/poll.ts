/** How often work is asked for that takes longer than one request. */
export interface PollOptions {
  /** Milliseconds before the second question. Default 500. */
  readonly minMs?: number | undefined;
  /** The longest wait in milliseconds; waits grow by half each time. Default 10,000. */
  readonly maxMs?: number | undefined;
}
