import type { JsonObject } from "../values/json.js";

/** One event of a run in a {@link StreamLog}. */
export interface StreamLogEntry {
  /** The number of the event in its run, from 1, without gaps. */
  readonly cursor: number;
  readonly event: JsonObject;
}

/** A run as a {@link StreamLog} has it. */
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
 * Where the events of running answers are, so that pages can read them again from any point: port of
 * `resumableStreams`. `memoryStreamLog()` keeps them in this process; an implementation on a shared store lets any
 * process serve and stop a run. `streamLogConformance` of `ai-lib/testing` checks an implementation.
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
  /** Ends a run. Readers go on to its last event. Without a run it does nothing. */
  end(id: string): Promise<void>;
  /**
   * Reads a run from any process.
   * @param after the cursor of the last event that the reader has; 0 for all
   * @returns undefined where there is no such run, or it is no longer kept
   */
  read(id: string, after: number): Promise<LoggedStream | undefined>;
  /**
   * Asks the process that writes a run to stop it; any process may ask.
   * @returns false where no run of this id is running
   */
  requestStop(id: string): Promise<boolean>;
  /**
   * Calls `stop` once a stop of the run was requested, also where that was before.
   * @returns a function that takes it back
   */
  onStop(id: string, stop: () => void): () => void;
}
