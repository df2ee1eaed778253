import { type Clock, systemClock } from "../core/contract/clock.js";
import type { LoggedStream, StreamLog, StreamLogEntry } from "../core/contract/stream-log.js";
import { invalidRequest } from "../core/errors/error.js";
import { atLeast, refuseUnknown } from "../core/errors/options.js";
import type { JsonObject } from "../core/values/json.js";

/** Options of {@link memoryStreamLog}; all optional. */
export interface MemoryStreamLogOptions {
  /** Milliseconds for which a run is stored after its end. Default 300,000. */
  readonly keepMs?: number | undefined;
  /**
   * The most stored runs; beyond it, those that ended first are discarded; if none has ended, a new run is refused.
   * Default 1,000.
   */
  readonly maxRuns?: number | undefined;
  /** Characters of one run, as JSON; a run that grows beyond fails. Default 8 Mi. */
  readonly maxCharacters?: number | undefined;
  readonly clock?: Clock | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set([
  "keepMs",
  "maxRuns",
  "maxCharacters",
  "clock",
] satisfies (keyof MemoryStreamLogOptions)[]);

/**
 * A {@link StreamLog} in the memory of this process: a page must come back to the process that runs its answer.
 *
 * @example
 * const streams = resumableStreams({ log: memoryStreamLog({ keepMs: 60_000 }) });
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option or a wrong value.
 */
export function memoryStreamLog(options: MemoryStreamLogOptions = {}): StreamLog {
  refuseUnknown("option of memoryStreamLog", options, OPTIONS);
  return new MemoryStreamLog(options);
}

class Run {
  readonly events: JsonObject[] = [];
  readonly readers = new Set<() => void>();
  readonly stops = new Set<() => void>();
  characters = 0;
  /** Epoch milliseconds of its end. */
  endedAt: number | undefined;
  stopped = false;

  get ended(): boolean {
    return this.endedAt !== undefined;
  }

  /** Lets the readers that wait look again. */
  wake(): void {
    for (const reader of this.readers) reader();
    this.readers.clear();
  }
}

class MemoryStreamLog implements StreamLog {
  private readonly runs = new Map<string, Run>();
  private readonly keepMs: number;
  private readonly maxRuns: number;
  private readonly maxCharacters: number;
  private readonly clock: Clock;

  constructor({ keepMs, maxRuns, maxCharacters, clock = systemClock }: MemoryStreamLogOptions) {
    this.keepMs = atLeast("keepMs", keepMs ?? 300_000, 0);
    this.maxRuns = atLeast("maxRuns", maxRuns ?? 1_000, 1);
    this.maxCharacters = atLeast("maxCharacters", maxCharacters ?? 8 * 1024 * 1024, 1);
    this.clock = clock;
  }

  async begin(id: string): Promise<boolean> {
    if (id === "") throw invalidRequest("The id of a run is empty");
    if (this.runs.get(id)?.ended === false) return false;
    this.runs.delete(id);
    this.forgetOld();
    if (this.runs.size >= this.maxRuns) this.makeRoom();
    this.runs.set(id, new Run());
    return true;
  }

  async append(id: string, events: readonly JsonObject[]): Promise<void> {
    const run = this.runs.get(id);
    if (run === undefined || run.ended) throw invalidRequest("The run has ended or was never begun");
    for (const event of events) {
      const text = JSON.stringify(event);
      run.characters += text.length;
      if (run.characters > this.maxCharacters)
        throw invalidRequest(`The run has more than ${this.maxCharacters} characters`);
      // A copy: what a tool reports may be changed by its owner later.
      run.events.push(JSON.parse(text) as JsonObject);
    }
    run.wake();
  }

  async end(id: string): Promise<void> {
    const run = this.runs.get(id);
    if (run === undefined || run.ended) return;
    run.endedAt = this.clock.now();
    run.stops.clear();
    run.wake();
  }

  async read(id: string, after: number): Promise<LoggedStream | undefined> {
    this.forgetOld();
    const run = this.runs.get(id);
    return run && { ended: run.ended, entries: { [Symbol.asyncIterator]: () => new RunReader(run, after) } };
  }

  async requestStop(id: string): Promise<boolean> {
    const run = this.runs.get(id);
    if (run === undefined || run.ended) return false;
    run.stopped = true;
    for (const stop of run.stops) stop();
    run.stops.clear();
    return true;
  }

  onStop(id: string, stop: () => void): () => void {
    const run = this.runs.get(id);
    if (run === undefined || run.ended) return () => {};
    if (run.stopped) queueMicrotask(stop);
    else run.stops.add(stop);
    return () => void run.stops.delete(stop);
  }

  /** Forgets runs whose time is up. Not by a timer, which would keep the process alive. */
  private forgetOld(): void {
    const oldest = this.clock.now() - this.keepMs;
    for (const [id, { endedAt }] of this.runs)
      if (endedAt !== undefined && endedAt <= oldest) this.runs.delete(id);
  }

  /** @throws {AiLibError} `INVALID_REQUEST` where every run is running. */
  private makeRoom(): void {
    let first: [id: string, endedAt: number] | undefined;
    for (const [id, { endedAt }] of this.runs)
      if (endedAt !== undefined && endedAt < (first?.[1] ?? Number.POSITIVE_INFINITY)) first = [id, endedAt];
    if (first === undefined)
      throw invalidRequest(`${this.maxRuns} runs are running; no further one can start`);
    this.runs.delete(first[0]);
  }
}

class RunReader implements AsyncIterator<StreamLogEntry, undefined> {
  private over = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly run: Run,
    private at: number,
  ) {}

  async next(): Promise<IteratorResult<StreamLogEntry, undefined>> {
    const { run } = this;
    while (!this.over) {
      const event = run.events[this.at];
      if (event !== undefined) return { value: { cursor: ++this.at, event }, done: false };
      if (run.ended) break;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        run.readers.add(resolve);
      });
    }
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<StreamLogEntry, undefined>> {
    this.over = true;
    if (this.wake !== undefined) {
      this.run.readers.delete(this.wake);
      this.wake();
    }
    return { value: undefined, done: true };
  }
}
