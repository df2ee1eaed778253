import { refuseUnknown, wholeAtLeast } from "../core/errors/options.js";

/**
 * Stores the answers of {@link cache} as strings by key. Both methods may be synchronous or return a promise. A store may
 * discard any answer at any time. The wrapper ignores answers that are too old.
 */
export interface CacheStore {
  /** The string stored under a key; undefined if there is none. */
  get(key: string): string | undefined | Promise<string | undefined>;
  /** @param ttlMs milliseconds after which the string is too old to use */
  set(key: string, text: string, ttlMs: number): void | Promise<void>;
}

/** Options of {@link memoryCache}. */
export interface MemoryCacheOptions {
  /** The maximum number of answers. At least 1. Default 1,000. */
  readonly maxEntries?: number | undefined;
  /** The maximum memory for strings and keys in bytes, at two bytes for each character. At least 1. Default 64 MiB. */
  readonly maxBytes?: number | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "maxEntries",
  "maxBytes",
] satisfies (keyof MemoryCacheOptions)[]);

const BYTES_PER_CHARACTER = 2;

/**
 * A {@link CacheStore} in the memory of this process. When it is full, it removes the least recently used answer.
 *
 * @example
 * const store = memoryCache({ maxEntries: 100 });
 * const client = new AiClient(cache(provider("openai"), { store }));
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option or a limit below 1.
 */
export function memoryCache(options: MemoryCacheOptions = {}): CacheStore {
  refuseUnknown("option of memoryCache", options, OPTION_NAMES);
  return new MemoryCache(
    wholeAtLeast("maxEntries", options.maxEntries ?? 1_000, 1),
    wholeAtLeast("maxBytes", options.maxBytes ?? 64 * 1024 * 1024, 1),
  );
}

class MemoryCache implements CacheStore {
  /** In the order of use, the longest unused first. */
  private readonly texts = new Map<string, string>();
  private bytes = 0;

  constructor(
    private readonly maxEntries: number,
    private readonly maxBytes: number,
  ) {}

  get(key: string): string | undefined {
    const text = this.texts.get(key);
    if (text === undefined) return undefined;
    this.texts.delete(key);
    this.texts.set(key, text);
    return text;
  }

  set(key: string, text: string): void {
    this.delete(key);
    const size = sizeOf(key, text);
    if (size > this.maxBytes) return;
    this.texts.set(key, text);
    this.bytes += size;
    for (const oldest of this.texts.keys()) {
      if (this.texts.size <= this.maxEntries && this.bytes <= this.maxBytes) break;
      this.delete(oldest);
    }
  }

  private delete(key: string): void {
    const text = this.texts.get(key);
    if (text === undefined) return;
    this.texts.delete(key);
    this.bytes -= sizeOf(key, text);
  }
}

function sizeOf(key: string, text: string): number {
  return BYTES_PER_CHARACTER * (key.length + text.length);
}
