import { type Clock, type PriceSource, systemClock } from "ai-lib";
import type { Ledger, LedgerNumbers, LedgerRow } from "../admission.js";
import type { CallRecord, ContentRecord } from "../store/call-record.js";
import { CallPacker, type PackedCalls, splitCalls } from "../store/packed-calls.js";
import type { Rate } from "../store/rates.js";
import type { Store } from "../store/store.js";
import { CallRates } from "./call-rates.js";
import type { ContentWriter } from "./content.js";
import { recordOf } from "./record.js";

/** What a queue writes to, and how much it holds. */
export interface QueueOptions {
  readonly store: Pick<Store, "write" | "isTransient">;
  readonly clock?: Clock | undefined;
  /** Bytes that wait at most, estimated. Default 64 MiB: about 100,000 calls without content. */
  readonly maxBytes?: number | undefined;
  /** Receives, at most once in ten seconds, why writing fails. */
  readonly report?: ((line: string) => void) | undefined;
}

/** What a queue makes records with. It changes with the configuration. */
export interface QueueSettings {
  readonly rates: CallRates;
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
  private open = { count: 0, bytes: 0, contents: [] as WaitingContent[], latest: 0 };
  /** Rates that calls in the queue name and that the store may not have. */
  private readonly newRates = new Map<string, Rate>();
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
    const call = recordOf(row, this.latest + 1, this.settings.rates, this.noteRate);
    const bytes = CALL_BYTES * (1 + call.attempts.length);
    const content = this.makeRoom(bytes, this.contentOf(row, call));
    if (this.bytes + bytes > this.maxBytes) {
      this.droppedCalls++;
      return;
    }
    const { open } = this;
    if (content !== undefined) {
      open.contents.push({ at: open.count, content });
      this.bytes += contentSize(content);
    }
    this.packer.add(call);
    open.count++;
    open.bytes += bytes;
    open.latest = Math.max(open.latest, call.endedAt);
    this.bytes += bytes;
    this.queued++;
    if (open.count >= MAX_BATCH) {
      this.complete();
      if (this.gathering) this.wake?.();
    }
    this.busy ??= this.drain();
  }

  private readonly noteRate = (rate: Rate): void => {
    if (!this.writtenRates.has(rate.id)) this.newRates.set(rate.id, rate);
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
    let cancel: (() => void) | undefined;
    const deadline = new Promise<void>((resolve) => {
      cancel = this.clock.after(CLOSE_MS, resolve);
    });
    await Promise.race([this.busy, deadline]);
    cancel?.();
    this.abandoned = true;
    this.droppedCalls += this.queued;
  }

  private contentOf({ content }: LedgerRow, { id, endedAt }: CallRecord): ContentRecord | undefined {
    const { content: writer } = this.settings;
    if (writer === undefined || content === undefined) return undefined;
    const { request, response } = content;
    return {
      ...{ call: id, endedAt, request: writer.write(request) },
      ...(response !== undefined && { response: writer.writeAnswer(response) }),
    };
  }

  /** Makes room for a call by dropping contents: its own, then those that wait. @returns its content, if there is room */
  private makeRoom(bytes: number, content: ContentRecord | undefined): ContentRecord | undefined {
    if (content !== undefined && this.bytes + bytes + contentSize(content) <= this.maxBytes) return content;
    if (content !== undefined) this.droppedContents++;
    if (this.bytes + bytes > this.maxBytes) {
      for (const batch of this.batches.slice(this.inFlight ? 1 : 0)) this.dropContents(batch);
      this.dropContents(this.open);
    }
    return undefined;
  }

  private dropContents(waiting: { contents: readonly WaitingContent[] }): void {
    for (const { content } of waiting.contents) this.bytes -= contentSize(content);
    this.droppedContents += waiting.contents.length;
    waiting.contents = [];
  }

  /** Makes a batch of the calls behind the batches. */
  private complete(): void {
    const { count, bytes, contents, latest } = this.open;
    if (count === 0) return;
    this.batches.push({ calls: this.packer.take(), count, bytes, contents, again: false });
    this.latest = Math.max(this.latest, latest);
    this.open = { count: 0, bytes: 0, contents: [], latest: 0 };
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
      const rates = [...this.newRates.values()];
      try {
        const contents = batch.contents.map(({ content }) => content);
        await this.options.store.write({ calls: batch.calls, contents, rates }, batch.again);
        this.remove(batch);
        this.noteWritten(rates);
        this.written += batch.count;
        failed = false;
        wait = this.batches.length > 0 ? 0 : GATHER_MS;
      } catch (error) {
        this.fail(error);
        batch.again = true;
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
    for (const { id } of rates) {
      this.newRates.delete(id);
      this.writtenRates.add(id);
    }
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

function contentSize({ request, response }: ContentRecord): number {
  return 2 * (request.length + (response?.length ?? 0));
}

function halvesOf({ calls, count, bytes, contents }: Batch): Batch[] {
  const half = Math.floor(count / 2);
  const [first, second] = splitCalls(calls, half);
  const firstBytes = Math.floor(bytes / 2);
  return [
    {
      ...{ calls: first, count: half, bytes: firstBytes, again: true },
      contents: contents.filter(({ at }) => at < half),
    },
    {
      ...{ calls: second, count: count - half, bytes: bytes - firstBytes, again: true },
      contents: contents.flatMap(({ at, content }) => (at < half ? [] : [{ at: at - half, content }])),
    },
  ];
}
