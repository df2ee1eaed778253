import type { BatchLock, BatchStore, LineWriter, StoredBatch } from "../core/contract/batch-store.js";

/** A store in memory, for tests and for jobs that need not survive the process. */
export function memoryBatches(): BatchStore {
  return new MemoryStore();
}

interface Entry {
  record: string;
  readonly files: Map<string, Uint8Array>;
}

class MemoryStore implements BatchStore {
  private readonly jobs = new Map<string, Entry>();
  private readonly locks = new Set<string>();

  get(id: string): Promise<StoredBatch | undefined> {
    const entry = this.jobs.get(id);
    return Promise.resolve(entry && recordOf(entry));
  }

  put(record: StoredBatch): Promise<void> {
    const entry = this.jobs.get(record.id);
    const text = JSON.stringify(record);
    if (entry === undefined) this.jobs.set(record.id, { record: text, files: new Map() });
    else entry.record = text;
    return Promise.resolve();
  }

  list(after: string | undefined, limit: number): Promise<readonly StoredBatch[]> {
    const all = [...this.jobs.values()].map(recordOf).sort(newestFirst);
    const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    return Promise.resolve(all.slice(start, start + limit));
  }

  delete(id: string): Promise<void> {
    this.jobs.delete(id);
    return Promise.resolve();
  }

  lock(id: string, name: string): Promise<BatchLock | undefined> {
    const key = `${id}/${name}`;
    if (this.locks.has(key)) return Promise.resolve(undefined);
    this.locks.add(key);
    return Promise.resolve({
      release: () => {
        this.locks.delete(key);
        return Promise.resolve();
      },
    });
  }

  write(id: string, file: string): Promise<LineWriter> {
    const lines: string[] = [];
    return Promise.resolve({
      write(line) {
        lines.push(`${line}\n`);
        return undefined;
      },
      end: () => {
        this.filesOf(id).set(file, new TextEncoder().encode(lines.join("")));
        return Promise.resolve();
      },
      abort: () => Promise.resolve(),
    });
  }

  append(id: string, file: string): Promise<LineWriter> {
    const files = this.filesOf(id);
    return Promise.resolve({
      write(line) {
        const before = files.get(file) ?? new Uint8Array(0);
        const added = new TextEncoder().encode(`${line}\n`);
        const whole = new Uint8Array(before.length + added.length);
        whole.set(before);
        whole.set(added, before.length);
        files.set(file, whole);
        return undefined;
      },
      end: () => Promise.resolve(),
      abort: () => Promise.resolve(),
    });
  }

  size(id: string, file: string): Promise<number | undefined> {
    return Promise.resolve(this.jobs.get(id)?.files.get(file)?.length);
  }

  async *read(id: string, file: string, position = 0): AsyncGenerator<Uint8Array> {
    const bytes = this.jobs.get(id)?.files.get(file);
    if (bytes !== undefined && position < bytes.length) yield bytes.subarray(position);
  }

  slice(id: string, file: string, position: number, length: number): Promise<Uint8Array> {
    const bytes = this.jobs.get(id)?.files.get(file) ?? new Uint8Array(0);
    return Promise.resolve(bytes.subarray(position, position + length));
  }

  private filesOf(id: string): Map<string, Uint8Array> {
    const entry = this.jobs.get(id);
    if (entry === undefined) throw new Error(`There is no batch job "${id}" to write a file of`);
    return entry.files;
  }
}

function recordOf({ record }: Entry): StoredBatch {
  return JSON.parse(record) as StoredBatch;
}

function newestFirst(a: StoredBatch, b: StoredBatch): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}
