import { Worker } from "node:worker_threads";
import { AiLibError, type ErrorCode } from "ai-lib";
import { within } from "../within.js";
import type {
  CALLS,
  CallArguments,
  CallName,
  WorkerAnswer,
  WorkerCall,
  WorkerFailure,
  WorkerStart,
} from "./worker-protocol.js";

/** A call of the store that failed. */
export class StoreError extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
    /** Whether the call may succeed later as it is. */
    readonly transient: boolean,
  ) {
    super(message);
    this.name = "StoreError";
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The file that a thread runs, beside this one once the package is built. */
const FILE = new URL("./store-worker.js", import.meta.url);

/** Milliseconds that closing waits for what the store is doing. */
const CLOSE_MS = 2_000;

/** A thread with a store. One that ends unexpectedly is started again by the next call. */
export class StoreThread {
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | undefined;
  private last = 0;
  private closed = false;

  /** @param file the file that the thread runs. Default: that of this package */
  constructor(
    private readonly start: WorkerStart,
    private readonly file: URL = FILE,
  ) {}

  /** Starts the thread. @throws {AiLibError} `CONFIG_ERROR` where the store cannot be used. */
  async open(): Promise<void> {
    const opened = new Promise<unknown>((resolve, reject) => this.waiting.set(0, { resolve, reject }));
    this.ensure();
    await opened;
  }

  call<N extends CallName>(name: N, ...args: CallArguments<N>): ReturnType<(typeof CALLS)[N]> {
    const id = ++this.last;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      try {
        this.ensure().postMessage({ id, name, args } satisfies WorkerCall);
      } catch (error) {
        this.waiting.delete(id);
        reject(error);
      }
    });
    return answered as ReturnType<(typeof CALLS)[N]>;
  }

  /** Closes the store and ends the thread. A store that does not answer is left as it is. */
  async close(): Promise<void> {
    if (this.worker !== undefined && !this.closed) await within(CLOSE_MS, this.call("close"));
    this.closed = true;
    await this.worker?.terminate();
  }

  private ensure(): Worker {
    if (this.closed) throw new StoreError("The store is closed", undefined, false);
    if (this.worker !== undefined) return this.worker;
    // Without what the process was started with: modules that it loads first are not for this thread.
    const worker = new Worker(this.file, { workerData: this.start, execArgv: [] });
    worker.on("message", (answer: WorkerAnswer) => this.settle(answer));
    worker.on("error", (error) => this.lose(worker, error));
    worker.on("exit", () => this.lose(worker, new Error("its thread ended")));
    this.worker = worker;
    return worker;
  }

  private settle({ id, value, failure }: WorkerAnswer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (failure === undefined) waiting?.resolve(value);
    else waiting?.reject(errorOf(failure));
    // A thread that could not open its store after a restart answers nothing else.
    if (id === 0 && failure !== undefined)
      this.rejectAll(new StoreError(failure.message, failure.code, true));
  }

  private lose(worker: Worker, { message }: Error): void {
    if (this.worker === worker) this.worker = undefined;
    this.rejectAll(new StoreError(`The store is lost: ${message}`, undefined, true));
  }

  private rejectAll(error: StoreError): void {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

function errorOf({ message, code, known, transient }: WorkerFailure): Error {
  return known
    ? new AiLibError({ code: code as ErrorCode, message, local: true })
    : new StoreError(message, code, transient);
}
