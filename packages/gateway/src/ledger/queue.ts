import { type Clock, type PriceSource, systemClock } from "ai-lib";
import type { Ledger, LedgerNumbers, LedgerRow } from "../admission.js";
import type { CallRecord, ContentRecord } from "../store/call-record.js";
import { CallPacker, type PackedCalls, splitCalls } from "../store/packed-calls.js";
import type { Rate } from "../store/rates.js";
import type { Store } from "../store/store.js";
import { within } from "../within.js";
import { CallRates } from "./call-rates.js";
import type { ContentWriter } from "./content.js";
import { type AttemptFacts, recordOf } from "./record.js";

/** What a queue writes to, and how much it holds. */
export interface QueueOptions {
  readonly store: Pick<Store, "write" | "isTransient">;
  readonly clock?: Clock | undefined;
  /** Bytes that wait at most, estimated. Default 64 MiB: about 60,000 calls without content. */
  readonly maxBytes?: number | undefined;
  /** Receives, at most once in ten seconds, why writing fails. */
  readonly report?: ((line: string) => void) | undefined;
}

/** What a queue makes records with. It changes with the configuration. */
export interface QueueSettings extends AttemptFacts {
  /** Writes what clients asked and got. Default: it is not kept. */
  readonly content?: ContentWriter | undefined;
}

/** The content of a call of a batch. */
interface WaitingContent {
  /** The number of the call in the batch. */
  readonly at: number;
  readonly content: ContentRecord;
}

/** Calls that are written together. */
interface Batch {
  readonly calls: PackedCalls;
  /** The number of calls. */
  readonly count: number;
  /** Estimated, without contents. */
  readonly bytes: number;
  contents: readonly WaitingContent[];
  /** Those that its calls name and that the store may not have. */
  readonly rates: readonly Rate[];
  /** Whether a write of it failed, so that it may be written already. */
  again: boolean;
}

/** Milliseconds that a call waits for others that are written with it. */
const GATHER_MS = 100;

/** Calls that are written together at most. */
const MAX_BATCH = 512;

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
const REPORT_MS = 10_000;

/** Milliseconds that closing waits for a store that fails. */
const CLOSE_MS = 10_000;

const NO_PRICES: PriceSource = { price: () => undefined, cost: () => undefined };

/** Of a call or of an attempt, without texts that no other call of the batch has. */
const CALL_BYTES = 512;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Writes finished calls to a store, in batches, one batch at a time. Where the store is slower than the calls or fails,
 * they wait; a full queue drops the content of calls first, then calls. Calls are packed as they come: thousands of
 * objects that wait would be moved by each garbage collection.
 */
export class LedgerQueue implements Ledger {
  private readonly clock: Clock;
  private readonly maxBytes: number;
  /** Batches that are complete; the first one is the next. */
  private readonly batches: Batch[] = [];
  /** The calls behind the batches. */
  private readonly packer = new CallPacker();
  private open = emptyBatch();
  private readonly writtenRates = new Set<string>();
  private queued = 0;
  private bytes = 0;
  /** The latest end of a call in a batch. Later batches are later, so that a tail misses no call. */
  private latest = 0;
  /** Whether the first batch is being written. */
  private inFlight = false;
  private written = 0;
  private droppedCalls = 0;
  private droppedContents = 0;
  private failures = 0;
  private reportedAt = Number.NEGATIVE_INFINITY;
  /** Writing, or waiting to. */
  private busy: Promise<void> | undefined;
  private closing = false;
  private abandoned = false;
  /** Ends a wait. */
  private wake: (() => void) | undefined;
  /** Whether the wait is for more calls, and not for a store that failed. */
  private gathering = false;

  private settings: QueueSettings = { rates: new CallRates(NO_PRICES, () => undefined) };

  constructor(private readonly options: QueueOptions) {
    this.clock = options.clock ?? systemClock;
    this.maxBytes = options.maxBytes ?? MAX_BYTES;
  }

  get keepsContent(): boolean {
    return this.settings.content !== undefined;
  }

  /** Applies other settings. */
  serve(settings: QueueSettings): void {
    this.settings = settings;
  }

  record(row: LedgerRow): void {
    const least = CALL_BYTES * (1 + row.end.attempts.length);
    if (this.abandoned || !this.makeRoom(least)) {
      this.droppedCalls++;
      return;
    }
    const call = recordOf(row, this.latest + 1, this.settings, this.noteRate);
    const before = this.packer.textBytes;
    this.packer.add(call);
    const bytes = least + this.packer.textBytes - before;
    const { open } = this;
    open.bytes += bytes;
    this.bytes += bytes;
    const content = this.contentOf(row, call);
    if (content !== undefined) {
      open.contents.push({ at: open.count, content });
      this.bytes += contentSize(content);
    }
    open.count++;
    open.latest = Math.max(open.latest, call.endedAt);
    this.queued++;
    if (open.count >= MAX_BATCH) {
      this.complete();
      if (this.gathering) this.wake?.();
    }
    this.busy ??= this.drain();
  }

  private readonly noteRate = (rate: Rate): void => {
    const { rates } = this.open;
    if (this.writtenRates.has(rate.id) || rates.has(rate.id)) return;
    rates.set(rate.id, rate);
    this.open.bytes += CALL_BYTES;
    this.bytes += CALL_BYTES;
  };

  numbers(): LedgerNumbers {
    const { written, droppedCalls, droppedContents, failures } = this;
    return { queued: this.queued, written, droppedCalls, droppedContents, failures };
  }

  /** Writes what waits. A store that fails is tried for ten seconds; what is left then is dropped. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.wake?.();
    if (this.busy !== undefined) await within(CLOSE_MS, this.busy, this.clock);
    this.abandoned = true;
    this.droppedCalls += this.queued;
  }

  /** The content of a call; undefined where none is kept, and where there is no room for it. */
  private contentOf({ content, end }: LedgerRow, { id, endedAt }: CallRecord): ContentRecord | undefined {
    const { content: writer } = this.settings;
    if (writer === undefined || content === undefined) return undefined;
    try {
      const { request, response } = content;
      const written = {
        ...{ call: id, endedAt, request: writer.write(request) },
        ...(response !== undefined && { response: writer.writeAnswer(response) }),
        errors: writer.writeErrors(end.attempts),
      };
      if (this.bytes + contentSize(written) <= this.maxBytes) return written;
    } catch {
      // It is no JSON, or longer than a text can be.
    }
    this.droppedContents++;
    return undefined;
  }

  /** Makes room for a call, by dropping the contents that wait. @returns whether there is room */
  private makeRoom(bytes: number): boolean {
    if (this.bytes + bytes <= this.maxBytes) return true;
    for (const batch of this.batches.slice(this.inFlight ? 1 : 0)) this.dropContents(batch);
    this.dropContents(this.open);
    return this.bytes + bytes <= this.maxBytes;
  }

  private dropContents(waiting: { contents: readonly WaitingContent[] }): void {
    for (const { content } of waiting.contents) this.bytes -= contentSize(content);
    this.droppedContents += waiting.contents.length;
    waiting.contents = [];
  }

  /** Makes a batch of the calls behind the batches. */
  private complete(): void {
    const { count, bytes, contents, rates, latest } = this.open;
    if (count === 0) return;
    const calls = this.packer.take();
    this.batches.push({ calls, count, bytes, contents, rates: [...rates.values()], again: false });
    this.latest = Math.max(this.latest, latest);
    this.open = emptyBatch();
  }

  /** Writes until the queue is empty. */
  private async drain(): Promise<void> {
    let wait = GATHER_MS;
    let failed = false;
    while (this.queued > 0 && !this.abandoned) {
      if (!(this.closing && !failed)) await this.pause(wait, !failed);
      if (this.batches.length === 0) this.complete();
      const [batch] = this.batches;
      if (batch === undefined) break;
      this.inFlight = true;
      const { calls, rates } = batch;
      try {
        const contents = batch.contents.map(({ content }) => content);
        await this.options.store.write({ calls, contents, rates }, batch.again);
        this.remove(batch);
        this.noteWritten(rates);
        this.written += batch.count;
        failed = false;
        wait = this.batches.length > 0 ? 0 : GATHER_MS;
      } catch (error) {
        this.fail(error);
        batch.again = true;
        // It may be another store from here on, such as a new file.
        this.writtenRates.clear();
        if (this.options.store.isTransient(error)) {
          wait = failed ? Math.min(LAST_RETRY_MS, Math.max(FIRST_RETRY_MS, 2 * wait)) : FIRST_RETRY_MS;
        } else {
          // One of the calls is the cause: halves find it.
          if (batch.count > 1) this.batches.splice(0, 1, ...halvesOf(batch));
          else {
            this.remove(batch);
            this.droppedCalls++;
          }
          wait = 0;
        }
        failed = true;
      }
      this.inFlight = false;
    }
    this.busy = undefined;
  }

  /** Removes the first batch. */
  private remove({ count, bytes, contents }: Batch): void {
    this.batches.shift();
    this.queued -= count;
    this.bytes -= bytes;
    for (const { content } of contents) this.bytes -= contentSize(content);
  }

  private noteWritten(rates: readonly Rate[]): void {
    if (this.writtenRates.size > 50_000) this.writtenRates.clear();
    for (const { id } of rates) this.writtenRates.add(id);
  }

  private fail(error: unknown): void {
    this.failures++;
    const now = this.clock.now();
    if (now - this.reportedAt < REPORT_MS) return;
    this.reportedAt = now;
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    this.options.report?.(`The ledger cannot be written: ${message || code}. ${this.queued} calls wait`);
  }

  /** Waits, unless something wakes it. @param gathering whether the wait is for more calls */
  private pause(ms: number, gathering: boolean): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        this.wake = undefined;
        this.gathering = false;
        resolve();
      };
      const cancel = this.clock.after(ms, end);
      this.wake = end;
      this.gathering = gathering;
    });
  }
}

/** What calls are gathered in. */
function emptyBatch() {
  return {
    ...{ count: 0, bytes: 0, latest: 0 },
    contents: [] as WaitingContent[],
    rates: new Map<string, Rate>(),
  };
}

function contentSize({ request, response, errors }: ContentRecord): number {
  return 2 * (request.length + (response?.length ?? 0) + (errors?.length ?? 0));
}

function halvesOf({ calls, count, bytes, contents, rates }: Batch): Batch[] {
  const half = Math.floor(count / 2);
  const [first, second] = splitCalls(calls, half);
  const firstBytes = Math.floor(bytes / 2);
  return [
    {
      ...{ calls: first, count: half, bytes: firstBytes, rates, again: true },
      contents: contents.filter(({ at }) => at < half),
    },
    {
      ...{ calls: second, count: count - half, bytes: bytes - firstBytes, rates, again: true },
      contents: contents.flatMap(({ at, content }) => (at < half ? [] : [{ at: at - half, content }])),
    },
  ];
}
