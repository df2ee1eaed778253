import type { BatchJob } from "../core/contract/batch-job.js";
import type { CallOptions } from "../core/contract/call.js";
import { systemClock } from "../core/contract/clock.js";
import { AiLibError } from "../core/errors/error.js";
import { sleep } from "../core/run/sleep.js";
import { advancePart } from "./advance.js";
import type { JobHost } from "./job-host.js";
import { type JobRecord, jobOf, type PartRecord } from "./record.js";

/** How long a caller waits for a job that another process has locked, in milliseconds, before it checks again. */
const HELD_MS = 1_000;

/** Attempts to send a part in one `submit` before it fails. */
const MAX_SENDS = 5;

/** Takes the due steps of every part. @param sendOnly asks for no batch that a vendor has */
export async function takeSteps(
  host: JobHost,
  id: string,
  call: CallOptions,
  sendOnly: boolean,
): Promise<{ readonly record: JobRecord; readonly later: number | undefined }> {
  const { clock = systemClock, signal } = call;
  return host.locks.hold(id, "steps", clock, signal, async () => {
    const record = await host.load(id);
    if (record.state !== "open") return { record, later: undefined };
    const cancelled = await host.isCancelled(id);
    if (cancelled) record.cancelled = true;
    const save = (): Promise<void> => host.store.put(record);
    const waits: number[] = [];
    let failure: unknown;
    for (const part of record.parts) {
      if (part.executor === "live" || part.state === "collected" || (sendOnly && !isUnsent(part))) continue;
      try {
        const laws = host.kinds.get(part.kind);
        const tools = {
          store: host.store,
          service: host.serviceOf(part),
          laws,
          clock,
          call,
          cancelled,
          save,
        };
        const later = await advancePart(record, part, tools);
        if (later !== undefined) waits.push(later);
      } catch (error) {
        // The other parts continue; the caller gets the failure after them.
        failure ??= error;
      }
    }
    if (record.parts.every((part) => part.state === "collected")) record.state = "closed";
    await save();
    if (failure !== undefined) throw failure;
    return { record, later: waits.length === 0 ? undefined : Math.min(...waits) };
  });
}

/** Sends every part. Vendors that do not answer are asked a few times. */
export async function sendParts(host: JobHost, id: string, call: CallOptions): Promise<BatchJob> {
  const { clock = systemClock, signal } = call;
  for (let attempt = 1; ; attempt++) {
    let later: number | undefined;
    let record: JobRecord;
    try {
      ({ record, later } = await takeSteps(host, id, call, true));
    } catch (error) {
      throw AiLibError.from(error).withContext(`The batch job ${id} is stored, and not all of it was sent`);
    }
    const unsent = record.parts.filter(isUnsent);
    if (unsent.length === 0) return jobOf(record);
    if (attempt === MAX_SENDS)
      throw new AiLibError({
        code: "NETWORK_ERROR",
        message: `The batch job ${id} is stored, and ${unsent.length} of its parts could not be sent: ${unsent[0]?.problem ?? "no answer"}. refresh() and wait() go on`,
      });
    await sleep(later ?? HELD_MS, clock, signal);
  }
}

function isUnsent({ state, executor }: PartRecord): boolean {
  return executor === "batch" && (state === "ready" || state === "sending");
}
