import type { Clock } from "../../core/contract/clock.js";
import { refused } from "./service.js";

/** A file in the store of the simulator. Times are epoch milliseconds. */
export interface SimulatedFile {
  readonly id: string;
  readonly filename: string;
  readonly mediaType: string;
  /** In the vendor's word; empty if the vendor has none. */
  readonly purpose: string;
  readonly bytes: Uint8Array;
  readonly createdAt: number;
  /** After this time the file is gone. */
  expiresAt: number | undefined;
  /** Questions about the file that are answered with "still processed", for a store that processes files. */
  pending: number;
  /** Made by the simulator and not uploaded, such as the results of a batch. */
  readonly made: boolean;
}

/** What a file is made of; the store adds the rest. */
export interface NewFile extends Pick<SimulatedFile, "id" | "filename" | "mediaType" | "bytes"> {
  readonly purpose?: string | undefined;
  readonly expiresAfterMs?: number | undefined;
  readonly made?: boolean | undefined;
}

/** The files of one endpoint of the simulator, whichever API asks for them. */
export class SimulatedFiles {
  private readonly files = new Map<string, SimulatedFile>();
  /** How many questions about the next uploads are answered with "still processed", by a store that processes files. Default 0. */
  processing = 0;

  constructor(private readonly clock: Clock) {}

  add(file: NewFile): SimulatedFile {
    const { purpose = "", expiresAfterMs, made = false, ...rest } = file;
    const createdAt = this.clock.now();
    const expiresAt = expiresAfterMs === undefined ? undefined : createdAt + expiresAfterMs;
    const added: SimulatedFile = {
      ...{ ...rest, purpose, made, createdAt, expiresAt },
      pending: made ? 0 : this.processing,
    };
    this.files.set(file.id, added);
    return added;
  }

  /** @internal Adds a file that the simulator makes, of one JSON line for each item, unless it exists already. */
  addLines<Item>(
    {
      id,
      filename = `${id}.jsonl`,
      purpose,
    }: Pick<NewFile, "id" | "purpose"> & { readonly filename?: string },
    items: readonly Item[],
    lineOf: (item: Item) => string,
  ): void {
    if (this.find(id) !== undefined) return;
    const bytes = new TextEncoder().encode(items.map((item) => `${lineOf(item)}\n`).join(""));
    this.add({ id, filename, mediaType: "application/jsonl", purpose, bytes, made: true });
  }

  /** Every file that has not expired, in the order of their upload. */
  all(): readonly SimulatedFile[] {
    const now = this.clock.now();
    return [...this.files.values()].filter(({ expiresAt = Number.POSITIVE_INFINITY }) => expiresAt > now);
  }

  /** A file; undefined if it does not exist or has expired. */
  find(id: string): SimulatedFile | undefined {
    const file = this.files.get(id);
    return file !== undefined && (file.expiresAt ?? Number.POSITIVE_INFINITY) > this.clock.now()
      ? file
      : undefined;
  }

  /** @throws {AiLibError} with status 404 for a file that does not exist. */
  get(id: string): SimulatedFile {
    const file = this.find(id);
    if (file === undefined) throw refused(404, `No such File object: ${id}`);
    return file;
  }

  /** @throws {AiLibError} with status 404 for a file that does not exist. */
  delete(id: string): void {
    this.get(id);
    this.files.delete(id);
  }

  /** Lets a file expire now. */
  expire(id: string): void {
    this.get(id).expiresAt = this.clock.now();
  }
}

/** The page of a list after an id. */
export function pageAfter(
  files: readonly SimulatedFile[],
  after: string | undefined,
  limit: number,
): { readonly page: readonly SimulatedFile[]; readonly more: boolean } {
  const from = after === undefined ? 0 : files.findIndex(({ id }) => id === after) + 1;
  const page = files.slice(from, from + limit);
  return { page, more: from + limit < files.length };
}

/** A limit from a query; `fallback` if there is none. */
export function limitOf(given: string | undefined, fallback: number): number {
  const limit = Number(given ?? fallback);
  return Number.isSafeInteger(limit) && limit > 0 ? limit : fallback;
}
