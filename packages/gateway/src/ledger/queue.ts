import { type Clock, type PriceSource, systemClock } from "ai-lib";
import type { Ledger, LedgerNumbers, LedgerRow } from "../admission.js";
import type { CallRecord, ContentRecord } from "../store/call-record.js";
import type { Rate } from "../store/rates.js";
import type { LedgerBatch, Store } from "../store/store.js";
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

interface Entry {
  call: CallRecord;
  content: ContentRecord | undefined;
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
 * they wait; a full queue drops the content of calls first, then calls.
 */
export class LedgerQueue implements Ledger {
  private readonly clock: Clock;
  private readonly maxBytes: number;
  private readonly entries: Entry[] = [];
  /** Rates that calls in the queue name and that the store may not have. */
  private readonly newRates = new Map<string, Rate>();
  private readonly writtenRates = new Set<string>();
  private bytes = 0;
  /** Entries with content. */
  private contents = 0;
  /** The latest end of a call that was given to the store. Later batches are later, so that a tail misses no call. */
  private writtenTo = 0;
  /** Entries that are being written, the first ones. */
  private inFlight = 0;
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
    let call = recordOf(row, this.settings.rates, this.noteRate);
    if (call.endedAt <= this.writtenTo) call = { ...call, endedAt: this.writtenTo + 1 };
    const entry: Entry = { call, content: this.contentOf(row, call) };
    if (!this.makeRoom(entry)) {
      this.droppedCalls++;
      return;
    }
    this.bytes += sizeOf(entry);
    if (entry.content !== undefined) this.contents++;
    this.entries.push(entry);
    if (this.gathering && this.entries.length >= MAX_BATCH) this.wake?.();
    this.busy ??= this.drain();
  }

  private readonly noteRate = (rate: Rate): void => {
    if (!this.writtenRates.has(rate.id)) this.newRates.set(rate.id, rate);
  };

  numbers(): LedgerNumbers {
    const { written, droppedCalls, droppedContents, failures } = this;
    return { queued: this.entries.length, written, droppedCalls, droppedContents, failures };
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
    this.droppedCalls += this.entries.length;
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

  /** Makes room for an entry by dropping contents: its own, then those that wait. @returns whether there is room */
  private makeRoom(entry: Entry): boolean {
    const isFull = () => this.bytes + sizeOf(entry) > this.maxBytes;
    if (isFull() && entry.content !== undefined) {
      entry.content = undefined;
      this.droppedContents++;
    }
    if (isFull() && this.contents > 0)
      for (const waiting of this.entries.slice(this.inFlight)) {
        if (waiting.content === undefined) continue;
        this.bytes -= contentSize(waiting.content);
        waiting.content = undefined;
        this.contents--;
        this.droppedContents++;
      }
    return !isFull();
  }

  /** Writes until the queue is empty. */
  private async drain(): Promise<void> {
    let wait = GATHER_MS;
    let again = false;
    /** Calls of the next batch; fewer while the store refuses one of them. */
    let size = MAX_BATCH;
    while (this.entries.length > 0 && !this.abandoned) {
      if (!(this.closing && !again)) await this.pause(wait, !again);
      const entries = this.take(size);
      try {
        await this.options.store.write(this.batchOf(entries), again);
        this.remove(entries.length);
        this.written += entries.length;
        again = false;
        size = Math.min(MAX_BATCH, size * 2);
        wait = this.entries.length >= size ? 0 : GATHER_MS;
      } catch (error) {
        this.fail(error);
        if (this.options.store.isTransient(error)) {
          wait = again ? Math.min(LAST_RETRY_MS, Math.max(FIRST_RETRY_MS, 2 * wait)) : FIRST_RETRY_MS;
        } else {
          // One of the calls is the cause: halves find it.
          if (entries.length === 1) {
            this.remove(1);
            this.droppedCalls++;
          }
          size = Math.max(1, Math.floor(entries.length / 2));
          wait = 0;
        }
        again = true;
      }
      this.inFlight = 0;
    }
    this.busy = undefined;
  }

  /** The entries of the next batch. */
  private take(size: number): readonly Entry[] {
    const entries = this.entries.slice(0, size);
    this.inFlight = entries.length;
    for (const { call } of entries) this.writtenTo = Math.max(this.writtenTo, call.endedAt);
    for (let i = size; i < this.entries.length; i++) {
      const entry = this.entries[i];
      if (entry === undefined || entry.call.endedAt > this.writtenTo) break;
      entry.call = { ...entry.call, endedAt: this.writtenTo + 1 };
    }
    return entries;
  }

  private batchOf(entries: readonly Entry[]): LedgerBatch {
    return {
      calls: entries.map(({ call }) => call),
      contents: entries.flatMap(({ content }) => content ?? []),
      rates: [...this.newRates.values()],
    };
  }

  private remove(count: number): void {
    for (const { call, content } of this.entries.splice(0, count)) {
      this.bytes -= sizeOf({ call, content });
      if (content !== undefined) this.contents--;
      for (const { rate } of call.attempts)
        if (rate !== undefined && this.newRates.delete(rate)) this.writtenRates.add(rate);
    }
    if (this.writtenRates.size > 50_000) this.writtenRates.clear();
  }

  private fail(error: unknown): void {
    this.failures++;
    const now = this.clock.now();
    if (now - this.reportedAt < REPORT_MS) return;
    this.reportedAt = now;
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    this.options.report?.(
      `The ledger cannot be written: ${message || code}. ${this.entries.length} calls wait`,
    );
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

function sizeOf({ call, content }: Entry): number {
  return CALL_BYTES * (1 + call.attempts.length) + (content === undefined ? 0 : contentSize(content));
}
