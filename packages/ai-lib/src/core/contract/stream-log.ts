import type { JsonObject } from "../values/json.js";

/** One event of a run in a {@link StreamLog}. */
export interface StreamLogEntry {
  /** The number of the event in its run, from 1, without gaps. */
  readonly cursor: number;
  readonly event: JsonObject;
}

/** A run in a {@link StreamLog}. */
export interface LoggedStream {
  /** Whether the run had ended when it was read. */
  readonly ended: boolean;
  /**
   * The events after the cursor that was asked for: those of the past, and then each as it is appended. It ends after
   * the last event of a run that has ended. `return()` ends it at any time, also while a `next()` waits.
   */
  readonly entries: AsyncIterable<StreamLogEntry>;
}

/**
 * A log of the events of running answers, which pages can read again from any point: the port of `resumableStreams`.
 * `memoryStreamLog()` stores them in this process; an implementation on a shared store lets any process serve and stop
 * a run. `streamLogConformance` of `ai-lib/testing` checks an implementation.
 *
 * Ids are any non-empty text. One process appends to a run, one call of `append` at a time.
 */
export interface StreamLog {
  /**
   * Begins a run, in place of one with the same id that has ended.
   * @returns false where a run of this id has not ended
   */
  begin(id: string): Promise<boolean>;
  /**
   * Adds events to a run, in order. Readers see them once the promise resolves, at the latest.
   * @throws for a run that is not there or has ended, and for one that grows too large.
   */
  append(id: string, events: readonly JsonObject[]): Promise<void>;
  /** Ends a run. Readers still receive its events to the last one. Does nothing if there is no such run. */
  end(id: string): Promise<void>;
  /**
   * Reads a run from any process.
   * @param after the cursor of the last event that the reader has; 0 for all
   * @returns undefined if there is no such run, or it was discarded
   */
  read(id: string, after: number): Promise<LoggedStream | undefined>;
  /**
   * Asks the process that writes a run to stop it; any process may ask.
   * @returns false where no run of this id is running
   */
  requestStop(id: string): Promise<boolean>;
  /**
   * Calls `stop` once a stop of the run is requested, or immediately if it already was.
   * @returns a function that unsubscribes
   */
  onStop(id: string, stop: () => void): () => void;
}
