import type { BatchInput, BatchService } from "../core/contract/batch-service.js";
import type { BatchStore } from "../core/contract/batch-store.js";
import type { CallOptions } from "../core/contract/call.js";
import type { Clock } from "../core/contract/clock.js";
import { AiLibError } from "../core/errors/error.js";
import type { Kind } from "../core/values/kinds.js";
import { files, type JobRecord, type PartRecord } from "./record.js";

/**
 * Milliseconds after which a request whose outcome is unknown has arrived or never will. Only then is the vendor's list
 * asked whether it did.
 */
export const SETTLE_MS = 15_000;

/** The outcome of an attempt to send a part. */
export type Sent =
  | "sent"
  /** Unknown, or not now: another attempt is due. */
  | { readonly later: number; readonly error?: AiLibError }
  /** The vendor refuses the rows. */
  | { readonly refused: AiLibError }
  /** The vendor does not have it, and it has been cancelled. */
  | "absent";

/** What sending needs. */
export interface SendTools {
  readonly store: BatchStore;
  readonly service: BatchService;
  readonly clock: Clock;
  readonly call: CallOptions;
  /** The part has been cancelled: it is looked for, and not sent again. */
  readonly cancelled: boolean;
  /** Makes the record of the job durable. */
  save(): Promise<void>;
}

/** Codes of failures that another request, or another key, may not have. */
const OURS: ReadonlySet<string> = new Set([
  "AUTH_FAILED",
  "PERMISSION_DENIED",
  "QUOTA_EXHAUSTED",
  "CONFIG_ERROR",
  "CANCELLED",
]);

/**
 * Sends a part once. A note is stored before the request, the vendor's id after it. A part whose outcome is unknown is
 * looked for at the vendor, and is sent again only if it is not there.
 * @throws {AiLibError} for a key or an account that is refused: nothing was sent, and the part can be sent later.
 */
export async function sendPart(job: JobRecord, part: PartRecord, tools: SendTools): Promise<Sent> {
  const { service, clock, call, save } = tools;
  if (part.state === "sending") {
    const due = (part.sendingAt ?? 0) + SETTLE_MS - clock.now();
    if (due > 0) return { later: due };
    if (await findPart(job, part, tools)) return "sent";
  }
  if (tools.cancelled) return "absent";
  part.state = "sending";
  part.sendingAt = clock.now();
  await save();
  try {
    const input = inputOf(job, part, tools.store);
    const batch = await service.create(
      input,
      async (progress) => {
        part.progress = { ...part.progress, ...progress };
        await save();
      },
      call,
    );
    await taken(part, batch.id, save);
    return "sent";
  } catch (thrown) {
    const error = AiLibError.from(thrown, "NETWORK_ERROR");
    part.problem = error.message;
    if (!isDefinite(error)) {
      await save();
      return { later: SETTLE_MS, error };
    }
    part.state = "ready";
    await save();
    if (error.code === "RATE_LIMIT" || error.code === "OVERLOADED")
      return { later: Math.max(1_000, (error.retryAt ?? clock.now() + 30_000) - clock.now()), error };
    if (OURS.has(error.code)) throw error;
    return { refused: error };
  }
}

/** Looks for a part whose fate is unknown. */
async function findPart(
  job: JobRecord,
  part: PartRecord,
  { service, call, save }: SendTools,
): Promise<boolean> {
  const others = new Set(
    job.parts.flatMap(({ batch, strangers = [] }) => [...(batch === undefined ? [] : [batch]), ...strangers]),
  );
  const found = await service.find(
    { token: part.token, file: part.progress?.file, rows: part.rows, since: part.sendingAt ?? 0, others },
    call,
  );
  if (found === undefined) return false;
  if (found.progress !== undefined) {
    part.progress = found.progress;
    return false;
  }
  if (!found.certain) part.uncertain = true;
  await taken(part, found.batch.id, save);
  return true;
}

async function taken(part: PartRecord, id: string, save: () => Promise<void>): Promise<void> {
  part.state = "sent";
  part.batch = id;
  delete part.problem;
  await save();
}

function inputOf(job: JobRecord, part: PartRecord, store: BatchStore): BatchInput {
  const { token, kind, model, path, rows, bytes, windowHours, progress, number } = part;
  const { webhook } = job;
  return {
    ...{ token, model, path, rows, bytes, windowHours, progress, webhook },
    kind: kind as Kind,
    lines: () => store.read(job.id, files.rows(number)),
  };
}

/** Whether an error says that the vendor did not take the batch. */
function isDefinite({ status, local, code }: AiLibError): boolean {
  if (local && code !== "CANCELLED") return true;
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 409;
}
