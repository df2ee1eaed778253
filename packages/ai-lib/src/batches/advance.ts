import type { BatchService, VendorBatch } from "../core/contract/batch-service.js";
import type { BatchStore } from "../core/contract/batch-store.js";
import type { CallOptions } from "../core/contract/call.js";
import type { Clock } from "../core/contract/clock.js";
import { AiLibError } from "../core/errors/error.js";
import type { KindLaws } from "../core/kinds/laws.js";
import { closePart, collectPart, notSent } from "./collect.js";
import type { JobRecord, PartRecord } from "./record.js";
import { sendPart } from "./send.js";

/** What a step of a part needs. */
export interface StepTools {
  readonly store: BatchStore;
  readonly service: BatchService;
  readonly laws: KindLaws;
  readonly clock: Clock;
  readonly call: CallOptions;
  readonly cancelled: boolean;
  /** Makes the record of the job durable. */
  save(): Promise<void>;
}

/** Consecutive refused polls after which a batch counts as lost. */
const MAX_REFUSALS = 5;

/** Codes of errors that another key or account would not cause: the part does not change. */
const OURS: ReadonlySet<string> = new Set([
  "AUTH_FAILED",
  "PERMISSION_DENIED",
  "QUOTA_EXHAUSTED",
  "CONFIG_ERROR",
  "CANCELLED",
]);

/**
 * Takes the due steps of a part of a vendor's batch: sends it, polls it, reads its results.
 * @returns milliseconds until another step makes sense, where that is known
 * @throws {AiLibError} where a key or an account is refused
 */
export async function advancePart(
  job: JobRecord,
  part: PartRecord,
  tools: StepTools,
): Promise<number | undefined> {
  if (part.state === "ready" || part.state === "sending") {
    const sent = await sendPart(job, part, tools);
    if (sent === "absent") return close(job, part, tools, notSent());
    if (sent !== "sent" && "refused" in sent)
      return close(job, part, tools, { outcome: "failed", error: sent.refused });
    if (sent !== "sent") return sent.later;
    // The vendor needs time: it is polled at the next step, unless the batch is to be cancelled.
    if (!tools.cancelled) return undefined;
  }
  if (part.state === "sent" || part.state === "ended") return ask(job, part, tools);
  return undefined;
}

async function ask(job: JobRecord, part: PartRecord, tools: StepTools): Promise<number | undefined> {
  const { service, call, save, cancelled } = tools;
  let batch: VendorBatch | undefined;
  try {
    if (part.state === "sent") {
      if (cancelled) await stop(part, tools);
      batch = await service.get(part.batch ?? "", call);
      const { succeeded = 0, failed = 0, cancelled: stopped = 0, expired = 0 } = batch.counts;
      part.word = batch.word;
      part.done = Math.min(part.rows, succeeded + failed + stopped + expired);
      if (batch.state === "pending" || batch.state === "running") {
        delete part.problem;
        part.refusals = 0;
        return undefined;
      }
      part.state = "ended";
      await save();
    }
    batch ??= await service.get(part.batch ?? "", call);
    if (await collectPart(job, part, batch, tools)) {
      await save();
      return undefined;
    }
    // The batch belongs to another job: this one was not sent, or is another one.
    part.strangers = [...(part.strangers ?? []), part.batch ?? ""];
    part.state = "sending";
    delete part.batch;
    delete part.uncertain;
    await save();
    return 0;
  } catch (thrown) {
    const error = AiLibError.from(thrown, "INVALID_RESPONSE");
    part.problem = error.message;
    if (OURS.has(error.code)) throw error;
    const { status = 0 } = error;
    if (status < 400 || status >= 500 || status === 408 || status === 429) return undefined;
    part.refusals = (part.refusals ?? 0) + 1;
    if (part.refusals < MAX_REFUSALS) return undefined;
    return close(job, part, tools, { outcome: "failed", error });
  }
}

/** Asks the vendor to stop, once. A batch that was found by time and size alone may be another job's. */
async function stop(part: PartRecord, { service, call, save }: StepTools): Promise<void> {
  if (part.stopping === true || part.uncertain === true) return;
  try {
    await service.cancel(part.batch ?? "", call);
  } catch (thrown) {
    const { status = 0 } = AiLibError.from(thrown);
    // It has ended: there is nothing to stop.
    if (status < 400 || status >= 500 || status === 429) throw thrown;
  }
  part.stopping = true;
  await save();
}

async function close(
  job: JobRecord,
  part: PartRecord,
  { store, save }: StepTools,
  result: Parameters<typeof closePart>[3],
): Promise<undefined> {
  await closePart(job, part, store, result);
  await save();
}
