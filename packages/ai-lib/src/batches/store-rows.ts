import type { BatchRow, SubmitBatchOptions } from "../core/contract/batch-job.js";
import type { CallOptions } from "../core/contract/call.js";
import { randomId, systemClock, systemRandom } from "../core/contract/clock.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { report } from "../core/run/report.js";
import { sha256 } from "../core/values/sha256.js";
import { candidatesOf, choose } from "./choose.js";
import type { JobHost } from "./job-host.js";
import { isExecutor, type JobRecord } from "./record.js";
import { Spool } from "./spool.js";
import { hoursOf } from "./window.js";

/** Rows between two reports of `onStored`. */
const STORED_STEP = 1_000;

/** Rows of a new job. */
export type BatchRows = Iterable<BatchRow> | AsyncIterable<BatchRow>;

/** A job whose rows are stored. */
export interface StoredRows {
  readonly id: string;
  /** The options of the calls that run it. */
  readonly call: CallOptions;
}

/**
 * Stores the rows of a new job; a job that was stored before with the same idempotency key does not change.
 * @param retryOf the job whose failed rows these are
 */
export async function storeRows(
  host: JobHost,
  items: BatchRows,
  options: SubmitBatchOptions,
  retryOf?: string,
): Promise<StoredRows> {
  const { window, executor = "batch", webhook, idempotencyKey, onStored, ...rest } = options;
  const call = host.callOptions(rest);
  const hours = hoursOf(window);
  if (!isExecutor(executor))
    throw configError(`\`executor\` is "batch", "live" or "auto", not "${String(executor)}"`);
  const { clock = systemClock, random = systemRandom, signal } = call;
  const id =
    idempotencyKey === undefined ? randomId(random, 24) : sha256(`batch job ${idempotencyKey}`).slice(0, 24);
  await host.locks.hold(id, "steps", clock, signal, async () => {
    const known = (await host.store.get(id)) as JobRecord | undefined;
    if (known !== undefined && known.state !== "storing") {
      await closeItems(items);
      return;
    }
    const record: JobRecord = {
      version: 1,
      id,
      createdAt: Math.round(clock.now()),
      state: "storing",
      total: 0,
      ...(webhook === undefined ? {} : { webhook }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(retryOf === undefined ? {} : { retryOf }),
      parts: [],
    };
    await host.store.put(record);
    const spool = new Spool(record, {
      store: host.store,
      kinds: host.kinds,
      call,
      mayCall: executor === "auto" && webhook === undefined,
      choose: (kind, model) => {
        const route = host.route(kind, model);
        const candidates = candidatesOf(route.provider, kind, route.model);
        return choose(candidates, { kind, executor, hours, webhook });
      },
    });
    try {
      for await (const row of items) {
        if (signal?.aborted === true) throw abortedWhileStored();
        await spool.add(row);
        if (record.total % STORED_STEP === 0 && onStored !== undefined)
          report(() => onStored(record.total), "onStored");
      }
      await spool.end();
      if (onStored !== undefined) report(() => onStored(record.total), "onStored");
    } catch (error) {
      await spool.abort();
      await host.store.delete(id);
      throw AiLibError.from(error, "FILE_ERROR");
    }
    record.state = record.parts.every((part) => part.state === "collected") ? "closed" : "open";
    await host.store.put(record);
  });
  return { id, call };
}

function abortedWhileStored(): AiLibError {
  return new AiLibError({
    code: "CANCELLED",
    message: "The batch was aborted while it was stored",
    local: true,
  });
}

/** Releases the resources of items that are not read. */
async function closeItems(items: BatchRows): Promise<void> {
  if (Symbol.asyncIterator in items) await items[Symbol.asyncIterator]().return?.();
  else items[Symbol.iterator]().return?.();
}
