import { getPriority, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { AiLibError } from "ai-lib";
import { openStore } from "./store/open-store.js";
import type { SqlStore } from "./store/sql/store.js";
import { CALLS, type WorkerAnswer, type WorkerCall, type WorkerStart } from "./store/worker-protocol.js";

/** A thread with a store of its own: SQLite is synchronous, and would stop the answers of the gateway. */
const port = parentPort;
if (port === null) throw new Error("This file is the start of a worker thread");
const { location, background } = workerData as WorkerStart;
// On Linux alone a priority is that of a thread. It is relative: a gateway may run with a low priority itself.
if (background && process.platform === "linux") setPriority(Math.min(19, getPriority() + 10));

const answer = (message: WorkerAnswer) => port.postMessage(message);

function fail(id: number, error: unknown, store: SqlStore | undefined): void {
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  const known = AiLibError.is(error);
  const transient = store !== undefined && !known && store.isTransient(error);
  answer({ id, failure: { message: message || String(code), code, known, transient } });
}

try {
  const store = await openStore(location);
  port.on("message", ({ id, name, args }: WorkerCall) => {
    const run = CALLS[name] as (store: SqlStore, ...args: readonly unknown[]) => Promise<unknown>;
    run(store, ...args).then(
      (value) => {
        answer({ id, value });
        if (name === "close") port.close();
      },
      (error) => fail(id, error, store),
    );
  });
  answer({ id: 0 });
} catch (error) {
  fail(0, error, undefined);
  port.close();
}
