import type { BatchStore } from "../core/contract/batch-store.js";
import { joinBytes } from "../core/values/join-bytes.js";
import { expect, expectSame } from "./conformance/expect.js";

/** The store under test, as one case needs it. */
export interface BatchStoreSetUp {
  /** An empty store. */
  readonly store: BatchStore;
  /** The same store in a second process. Default: {@link store}. */
  readonly peer?: BatchStore | undefined;
  /** Cleans up after a case. */
  close?(): Promise<void>;
}

/** One case, for any test runner. */
export interface BatchStoreCase {
  readonly name: string;
  /** Resolves where the case passes. @throws {Error} that says what the store does wrong. */
  run(): Promise<void>;
}

/**
 * The cases that check the contract of `BatchStore`.
 *
 * @example
 * for (const { name, run } of batchStoreConformance(() => ({ store: memoryBatches() }))) test(name, run);
 * @param setUp makes an empty store for each case
 */
export function batchStoreConformance(
  setUp: () => BatchStoreSetUp | Promise<BatchStoreSetUp>,
): readonly BatchStoreCase[] {
  return Object.entries(CASES).map(([name, test]) => ({
    name,
    async run() {
      const made = await setUp();
      try {
        await test(made.store, made.peer ?? made.store);
      } finally {
        await made.close?.();
      }
    },
  }));
}

/** @param here the process that writes @param there one that reads */
type Test = (here: BatchStore, there: BatchStore) => Promise<void>;

const record = (id: string, createdAt: number, more = {}) => ({ id, createdAt, ...more });

async function textOf(store: BatchStore, id: string, file: string, position?: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of store.read(id, file, position)) {
    pieces.push(piece);
    size += piece.length;
  }
  return new TextDecoder().decode(joinBytes(pieces, size));
}

async function put(store: BatchStore, id: string, file: string, lines: readonly string[]): Promise<void> {
  const writer = await store.write(id, file);
  for (const line of lines) await writer.write(line);
  await writer.end();
}

const CASES: Readonly<Record<string, Test>> = {
  "keeps a record, and replaces it as a whole": async (here, there) => {
    expectSame(await there.get("a"), undefined, "get() of an unknown id");
    await here.put(record("a", 1, { x: 1, y: 1 }));
    await here.put(record("a", 1, { x: 2 }));
    expectSame(await there.get("a"), record("a", 1, { x: 2 }), "get() after two put()");
  },
  "lists records, the newest first, page by page": async (here, there) => {
    for (const [id, time] of [
      ["a", 1],
      ["b", 3],
      ["c", 2],
    ] as const)
      await here.put(record(id, time));
    const idsOf = async (after: string | undefined, limit: number) =>
      (await there.list(after, limit)).map(({ id }) => id);
    expectSame(await idsOf(undefined, 2), ["b", "c"], "the first page");
    expectSame(await idsOf("c", 2), ["a"], "the second page");
    expectSame(await idsOf("a", 2), [], "a page behind the last record");
  },
  "shows a file once it has ended, and not before": async (here, there) => {
    await here.put(record("a", 1));
    const writer = await here.write("a", "rows.jsonl");
    await writer.write("one");
    expectSame(await there.size("a", "rows.jsonl"), undefined, "the size of a file that is being written");
    expectSame(await textOf(there, "a", "rows.jsonl"), "", "a file that is being written");
    await writer.write("zwölf");
    await writer.end();
    expectSame(await textOf(there, "a", "rows.jsonl"), "one\nzwölf\n", "a file that has ended");
    expectSame(await there.size("a", "rows.jsonl"), 11, "its size in bytes");
  },
  "keeps the old file where a new one is aborted, and replaces it where it ends": async (here, there) => {
    await here.put(record("a", 1));
    await put(here, "a", "f", ["old"]);
    const writer = await here.write("a", "f");
    await writer.write("new");
    await writer.abort();
    expectSame(await textOf(there, "a", "f"), "old\n", "after abort()");
    await put(here, "a", "f", ["new"]);
    expectSame(await textOf(there, "a", "f"), "new\n", "after end()");
  },
  "reads from a position, and slices": async (here, there) => {
    await here.put(record("a", 1));
    await put(here, "a", "f", ["first", "second", "third"]);
    expectSame(await textOf(there, "a", "f", 6), "second\nthird\n", "read() from the second line");
    expectSame(await textOf(there, "a", "f", 19), "", "read() from the end");
    const slice = async (position: number, length: number) =>
      new TextDecoder().decode(await there.slice("a", "f", position, length));
    expectSame(await slice(6, 6), "second", "slice() of a line");
    expectSame(await slice(13, 100), "third\n", "slice() beyond the end");
  },
  "takes many lines, waiting where it is full": async (here, there) => {
    await here.put(record("a", 1));
    const writer = await here.write("a", "f");
    const line = "x".repeat(999);
    for (let i = 0; i < 2_000; i++) {
      const full = writer.write(line);
      if (full !== undefined) await full;
    }
    await writer.end();
    expectSame(await there.size("a", "f"), 2_000_000, "the size of 2,000 lines of 1,000 bytes");
  },
  "goes on with a file, each line being visible once it is written": async (here, there) => {
    await here.put(record("a", 1));
    const first = await here.append("a", "f");
    await first.write("one");
    expectSame(await textOf(there, "a", "f"), "one\n", "after the first line");
    await first.end();
    const second = await here.append("a", "f");
    await second.write("two");
    await second.end();
    expectSame(await textOf(there, "a", "f"), "one\ntwo\n", "after the second writer");
  },
  "gives a lock to one holder at a time, by its name": async (here, there) => {
    await here.put(record("a", 1));
    const lock = await here.lock("a", "steps");
    expect(lock !== undefined, "lock() is free at first");
    expectSame(await there.lock("a", "steps"), undefined, "lock() while it is held");
    const other = await there.lock("a", "other");
    expect(other !== undefined, "a lock of another name is free");
    await other?.release();
    await lock?.release();
    const again = await there.lock("a", "steps");
    expect(again !== undefined, "lock() after release()");
    await again?.release();
  },
  "removes a record with its files": async (here, there) => {
    await here.put(record("a", 1));
    await put(here, "a", "f", ["one"]);
    await here.delete("a");
    expectSame(await there.get("a"), undefined, "get() after delete()");
    expectSame(await there.size("a", "f"), undefined, "size() after delete()");
    expectSame(await there.list(undefined, 10), [], "list() after delete()");
  },
};
