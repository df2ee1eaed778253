import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
} from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { BatchLock, BatchStore, LineWriter, StoredBatch } from "../core/contract/batch-store.js";
import { systemClock } from "../core/contract/clock.js";
import { configError } from "../core/errors/error.js";

/** Characters that a writer gathers before it writes them. */
const BUFFER = 256 * 1024;

/**
 * How often the holder of a lock renews it, and after which time without a renewal the lock expires, in milliseconds.
 */
const HEARTBEAT_MS = 5_000;
const SILENCE_MS = 30_000;

const RECORD = "job.json";

/** Node's side of `#batches`: a folder, one folder in it for each job. Rows are private: only the user can read them. */
export function folderBatches(folder: string): BatchStore {
  return new FolderStore(folder);
}

class FolderStore implements BatchStore {
  constructor(private readonly folder: string) {}

  async get(id: string): Promise<StoredBatch | undefined> {
    const text = await readFile(this.path(id, RECORD), "utf8").catch(absent);
    return text === undefined ? undefined : (JSON.parse(text) as StoredBatch);
  }

  async put(record: StoredBatch): Promise<void> {
    await mkdir(this.path(record.id), { recursive: true, mode: 0o700 });
    const path = this.path(record.id, RECORD);
    const file = await open(`${path}.new`, "w", 0o600);
    try {
      await file.writeFile(JSON.stringify(record));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    await syncFolder(this.path(record.id));
  }

  async list(after: string | undefined, limit: number): Promise<readonly StoredBatch[]> {
    const ids = (await readdir(this.folder).catch(absent)) ?? [];
    const found = await Promise.all(ids.filter(isId).map((id) => this.get(id)));
    const all = found.filter((each) => each !== undefined);
    all.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
    const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    return all.slice(start, start + limit);
  }

  async delete(id: string): Promise<void> {
    await rm(this.path(id), { recursive: true, force: true });
  }

  async lock(id: string, name: string): Promise<BatchLock | undefined> {
    await mkdir(this.path(id), { recursive: true, mode: 0o700 });
    const path = this.path(id, `${name}.lock`);
    const file = (await claim(path)) ?? ((await isAbandoned(path)) ? await claim(path) : undefined);
    if (file === undefined) return undefined;
    await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
    let over = false;
    const beat = (): void => {
      if (over) return;
      const now = new Date(systemClock.now());
      void file.utimes(now, now).catch(() => undefined);
      stop = systemClock.after(HEARTBEAT_MS, beat);
    };
    let stop = systemClock.after(HEARTBEAT_MS, beat);
    return {
      async release() {
        over = true;
        stop();
        await file.close();
        await rm(path, { force: true });
      },
    };
  }

  async write(id: string, name: string): Promise<LineWriter> {
    const path = this.path(id, name);
    const file = await open(`${path}.new`, "w", 0o600);
    return new BufferedWriter(file, BUFFER, async (whole) => {
      if (whole) await file.sync();
      await file.close();
      if (!whole) await rm(`${path}.new`, { force: true });
      else {
        await rename(`${path}.new`, path);
        await syncFolder(this.path(id));
      }
    });
  }

  async append(id: string, name: string): Promise<LineWriter> {
    const path = this.path(id, name);
    await cutTornLine(path);
    const file = await open(path, "a", 0o600);
    return new BufferedWriter(file, 0, async (whole) => {
      if (whole) await file.sync();
      await file.close();
    });
  }

  async size(id: string, name: string): Promise<number | undefined> {
    return (await stat(this.path(id, name)).catch(absent))?.size;
  }

  async *read(id: string, name: string, position = 0): AsyncGenerator<Uint8Array> {
    const file = await open(this.path(id, name)).catch(absent);
    if (file === undefined) return;
    // The pieces are yielded one by one: a reader that keeps one copies it.
    const buffer = new Uint8Array(BUFFER);
    try {
      for (let at = position; ; ) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.slice(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  async slice(id: string, name: string, position: number, length: number): Promise<Uint8Array> {
    const file = await open(this.path(id, name));
    try {
      const buffer = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      await file.close();
    }
  }

  private path(id: string, file = ""): string {
    if (!isId(id)) throw configError(`"${id}" is no id of a batch job`);
    return join(this.folder, id, file);
  }
}

/** Ids are names of folders. */
function isId(id: string): boolean {
  return /^[a-z0-9]{1,64}$/.test(id);
}

/** Gathers lines and writes them together. */
class BufferedWriter implements LineWriter {
  private text: string[] = [];
  private length = 0;

  constructor(
    private readonly file: FileHandle,
    private readonly limit: number,
    private readonly close: (whole: boolean) => Promise<void>,
  ) {}

  write(line: string): Promise<void> | undefined {
    this.text.push(line, "\n");
    this.length += line.length + 1;
    return this.length > this.limit ? this.flush() : undefined;
  }

  async end(): Promise<void> {
    await this.flush();
    await this.close(true);
  }

  abort(): Promise<void> {
    this.text = [];
    return this.close(false);
  }

  private async flush(): Promise<void> {
    if (this.length === 0) return;
    const text = this.text.join("");
    this.text = [];
    this.length = 0;
    await this.file.writeFile(text);
  }
}

/** Removes the incomplete last line that a crash left in a file. */
async function cutTornLine(path: string): Promise<void> {
  const file = await open(path).catch(absent);
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    const buffer = new Uint8Array(64 * 1024);
    let end = size;
    while (end > 0) {
      const start = Math.max(0, end - buffer.length);
      const { bytesRead } = await file.read(buffer, 0, end - start, start);
      const last = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
      if (last !== -1) {
        end = start + last + 1;
        break;
      }
      end = start;
    }
    if (end < size) await truncate(path, end);
  } finally {
    await file.close();
  }
}

/** The file of a lock, where there was none. */
async function claim(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
}

/** Whether a lock has expired; its file is then removed. */
async function isAbandoned(path: string): Promise<boolean> {
  const text = await readFile(path, "utf8").catch(absent);
  const time = (await stat(path).catch(absent))?.mtimeMs;
  if (text === undefined || time === undefined) return true;
  if (systemClock.now() - time < SILENCE_MS && !isDead(text)) return false;
  // Of several that see it, one renames it.
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return false;
  }
  await rm(aside, { force: true });
  return true;
}

/** Whether the process that wrote a lock ran on this machine and has ended. */
function isDead(text: string): boolean {
  let holder: { readonly pid?: unknown; readonly host?: unknown };
  try {
    holder = JSON.parse(text) as typeof holder;
  } catch {
    return false;
  }
  if (holder.host !== hostname() || typeof holder.pid !== "number") return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Makes a rename durable. Not every platform can open a folder. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined);
  if (folder === undefined) return;
  await folder.sync().catch(() => undefined);
  await folder.close();
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
