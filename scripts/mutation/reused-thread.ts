import type { PoolOptions, PoolRunnerInitializer, PoolWorker, WorkerRequest } from "vitest/node";
import { ThreadsPoolWorker } from "vitest/node";

/** After this many runs, a fresh thread starts, so that the traces of failed mutants do not accumulate. */
const RUNS = 60;

interface Thread {
  readonly worker: ThreadsPoolWorker;
  runs: number;
}

/** The thread of the latest run; undefined before the first run, and if the next run needs a fresh thread. */
let thread: Thread | undefined;

type Callback = Parameters<PoolWorker["on"]>[1];

/**
 * A pool of one thread that continues from run to run with the modules that it has loaded. Loading them again for each
 * mutant would take ten times as long as its tests.
 */
class ReusedThread implements PoolWorker {
  readonly name = "reused-thread";
  readonly cacheFs = true;
  private readonly listeners: (readonly [event: string, callback: Callback])[] = [];
  private readonly thread: Thread;
  private readonly started: boolean;
  private config: unknown;

  constructor(options: PoolOptions) {
    this.started = thread !== undefined;
    thread ??= { worker: new ThreadsPoolWorker(options), runs: 0 };
    this.thread = thread;
  }

  async start(): Promise<void> {
    if (!this.started) await this.thread.worker.start();
    this.thread.runs++;
  }

  /** Removes the listeners of this run. The thread stays until it has done all of its runs. */
  async stop(): Promise<void> {
    for (const [event, callback] of this.listeners.splice(0)) this.thread.worker.off(event, callback);
    if (this.thread.runs < RUNS) return;
    if (thread === this.thread) thread = undefined;
    await this.thread.worker.stop();
  }

  send(message: WorkerRequest): void {
    const { worker } = this.thread;
    if (message.type === "stop") {
      if (this.thread.runs < RUNS) this.answer("stopped");
      else worker.send(message);
    } else if (message.type === "start" && this.started) {
      this.config = message.context.config;
      this.answer("started");
    } else if (message.type === "run" && this.started) {
      // The thread has the configuration of its first run, such as the names of the tests, so each message carries the
      // current one.
      worker.send({ ...message, context: { ...message.context, config: this.config } } as WorkerRequest);
    } else worker.send(message);
  }

  on(event: string, callback: Callback): void {
    this.listeners.push([event, callback]);
    this.thread.worker.on(event, callback);
  }

  off(event: string, callback: Callback): void {
    this.thread.worker.off(event, callback);
  }

  deserialize(data: unknown): unknown {
    return data;
  }

  /** Answers in place of a thread that has already started, or that continues. */
  private answer(type: "started" | "stopped"): void {
    for (const [event, callback] of [...this.listeners])
      if (event === "message") callback({ type, __vitest_worker_response__: true });
  }
}

/** The pool, for the configuration of a project. */
export const reusedThread: PoolRunnerInitializer = {
  name: "reused-thread",
  createPoolWorker: (options) => new ReusedThread(options),
};
