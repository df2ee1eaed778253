import { type PriceSource, ProviderFactory, systemClock } from "ai-lib";
import type { StorageSettings } from "../config/storage-settings.js";
import { type StoreLocation, TEMPORARY } from "../store/location.js";
import { openStore } from "../store/open-store.js";
import type { Store } from "../store/store.js";
import { ThreadedStore } from "../store/threaded-store.js";
import { CallRates } from "./call-rates.js";
import { ContentWriter } from "./content.js";
import { ProviderDialects } from "./provider-dialects.js";
import { LedgerQueue } from "./queue.js";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Milliseconds between two deletions of what is too old. */
const PRUNE_MS = 10 * 60 * 1_000;

/** Milliseconds between two steps of one deletion. */
const STEP_MS = 100;

/** What a gateway keeps: its store, and the ledger that writes to it. Both outlive reloads. */
export class Storage {
  readonly ledger: LedgerQueue;
  private settings: StorageSettings | undefined;
  private cancel: (() => void) | undefined;
  private pruning: Promise<void> | undefined;
  private closed = false;

  private constructor(
    readonly store: Store,
    private readonly report: (line: string) => void,
  ) {
    this.ledger = new LedgerQueue({ store, report });
  }

  /**
   * Opens the store that a configuration names.
   * @param report receives, for people, what fails
   * @throws {AiLibError} `CONFIG_ERROR` for a store that cannot be used.
   */
  static async open(location: StoreLocation, report: (line: string) => void): Promise<Storage> {
    // Each connection would have one of its own.
    const single = "sqlite" in location && (location.sqlite === ":memory:" || location.sqlite === TEMPORARY);
    return new Storage(single ? await openStore(location) : await ThreadedStore.open(location), report);
  }

  /** Applies the settings of a configuration. */
  serve(settings: StorageSettings): void {
    const { prices, dialects, content } = settings;
    this.settings = settings;
    this.ledger.serve({
      rates: ratesOf(prices),
      dialects: new ProviderDialects(dialects),
      content: content === undefined ? undefined : new ContentWriter(content.secrets),
    });
    if (this.cancel === undefined) this.schedule(STEP_MS);
  }

  /** Writes what waits, and closes the store. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancel?.();
    await this.ledger.close();
    await this.store.close();
    // A deletion that still ran has failed with the store.
    await this.pruning;
  }

  private schedule(ms: number): void {
    if (this.closed) return;
    this.cancel = systemClock.after(ms, () => {
      this.pruning = this.prune();
    });
  }

  /** Deletes a bounded number of what is too old. */
  private async prune(): Promise<void> {
    const { settings } = this;
    if (settings === undefined) return;
    const before = (days: number) => systemClock.now() - days * DAY_MS;
    const { days, auditDays, content } = settings;
    let more = false;
    try {
      more = await this.store.prune({
        calls: before(days),
        audit: before(auditDays),
        // Without the setting, what an earlier one kept goes.
        contents: before(content?.days ?? 0),
      });
    } catch (error) {
      if (this.closed) return;
      this.report(`The store cannot delete what is too old: ${(error as Error).message}`);
    }
    this.schedule(more ? STEP_MS : PRUNE_MS);
  }
}

function ratesOf(prices: PriceSource): CallRates {
  const ids = new Map<string, string | undefined>();
  const known = new Set<string>(ProviderFactory.ids());
  return new CallRates(prices, (provider) => {
    if (!known.has(provider)) return undefined;
    if (!ids.has(provider)) ids.set(provider, ProviderFactory.data(provider).priceId ?? undefined);
    return ids.get(provider);
  });
}
