import { type CacheStore, type MemoryCacheOptions, memoryCache } from "ai-lib/resilience";

/** The answers of one `cache` of a route, in memory, which an operator can drop. */
export class PurgeableCache implements CacheStore {
  private store: CacheStore;
  private found = 0;
  private missed = 0;

  /** @throws {AiLibError} `CONFIG_ERROR` for a wrong option. */
  constructor(private readonly options: MemoryCacheOptions) {
    this.store = memoryCache(options);
  }

  /** Requests that an answer was found for, since the start or the last reload. */
  get hits(): number {
    return this.found;
  }

  get misses(): number {
    return this.missed;
  }

  get(key: string): string | undefined {
    // The store is in memory and answers synchronously.
    const text = this.store.get(key) as string | undefined;
    if (text === undefined) this.missed++;
    else this.found++;
    return text;
  }

  set(key: string, text: string, ttlMs: number): void {
    void this.store.set(key, text, ttlMs);
  }

  /** Drops all answers. */
  purge(): void {
    this.store = memoryCache(this.options);
  }
}
