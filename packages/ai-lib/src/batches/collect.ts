import type { BatchService, RowReply, VendorBatch } from "../core/contract/batch-service.js";
import type { BatchStore } from "../core/contract/batch-store.js";
import type { CallOptions } from "../core/contract/call.js";
import { AiLibError } from "../core/errors/error.js";
import type { KindLaws } from "../core/kinds/laws.js";
import type { ResponseOf } from "../core/values/kinds.js";
import { files, type JobRecord, type PartRecord, rowOf } from "./record.js";
import { type Item, type RowResult, readItem, writeResult } from "./result-line.js";
import { LineIndex, linesFrom, writeLine } from "./stored-lines.js";
import { Tally } from "./tally.js";

/** What collecting needs. */
export interface CollectTools {
  readonly store: BatchStore;
  readonly service: BatchService;
  readonly laws: KindLaws;
  readonly call: CallOptions;
}

/**
 * Reads the results of a vendor's batch into the store: one for every row. A row that the vendor leaves out gets the
 * error that the end of the batch explains. What an interrupted attempt wrote is replaced.
 * @returns false where the batch is that of another job
 */
export async function collectPart(
  job: JobRecord,
  part: PartRecord,
  batch: VendorBatch,
  tools: CollectTools,
): Promise<boolean> {
  const { store, service, call } = tools;
  const codec = await service.rows(tools.laws, call);
  const items = await LineIndex.of(store, job.id, files.items(part.number), part.rows);
  const seen = new Uint8Array(part.rows);
  const tally = new Tally();
  const writer = await store.write(job.id, files.results(part.number));
  let strange = 0;
  const write = async (row: number, result: (item: Item) => RowResult): Promise<void> => {
    seen[row] = 1;
    const item = readItem(await items.at(row));
    const known = result(item);
    tally.add(known);
    await writeLine(writer, writeResult(item, known));
  };
  const answer = (reply: RowReply, { request, warnings = [] }: Item): RowResult => {
    try {
      const response = codec.decode(reply, request, part.model, warnings);
      return { outcome: "succeeded", response: response as ResponseOf };
    } catch (error) {
      const outcome = reply.outcome === "succeeded" ? "failed" : reply.outcome;
      return { outcome, error: AiLibError.from(error, "INVALID_RESPONSE") };
    }
  };
  try {
    for await (const reply of service.results(batch, call)) {
      const row = rowOf(part.token, reply.key, part.rows);
      if (row === undefined) strange++;
      // Only the first result of a row counts.
      else if (seen[row] === 0) await write(row, (item) => answer(reply, item));
    }
    if (part.uncertain === true && strange > 0 && tally.rows === 0) {
      await writer.abort();
      return false;
    }
    for (let row = 0; row < part.rows; row++)
      if (seen[row] === 0) await write(row, () => missing(part, batch, row));
    await writer.end();
  } catch (error) {
    await writer.abort().catch(() => undefined);
    throw error;
  }
  tally.close(part);
  return true;
}

/** Gives every row of a part the same result. */
export async function closePart(
  job: JobRecord,
  part: PartRecord,
  store: BatchStore,
  result: RowResult,
): Promise<void> {
  const writer = await store.write(job.id, files.results(part.number));
  const tally = new Tally();
  for await (const { text } of linesFrom(store, job.id, files.items(part.number))) {
    tally.add(result);
    await writeLine(writer, writeResult(readItem(text), result));
  }
  await writer.end();
  tally.close(part);
}

/** The result of a row that its vendor does not mention. */
function missing({ provider }: PartRecord, { state, faults = [] }: VendorBatch, row: number): RowResult {
  const own = faults.find(({ line }) => line === row + 1);
  if (own !== undefined)
    return {
      outcome: "failed",
      error: vendorError("INVALID_REQUEST", `${provider} refused the row: ${own.message}`),
    };
  if (state === "expired")
    return {
      outcome: "expired",
      error: vendorError("TIMEOUT", `${provider} did not answer the row before its batch expired`),
    };
  if (state === "cancelled")
    return {
      outcome: "cancelled",
      error: vendorError("CANCELLED", `${provider} did not answer the row before its batch was cancelled`),
    };
  const reason = faults[0]?.message;
  const message =
    state === "failed"
      ? `${provider} refused the batch${reason === undefined ? "" : `: ${reason}`}`
      : `${provider} returned no result for the row`;
  return { outcome: "failed", error: vendorError("PROVIDER_ERROR", message) };
}

function vendorError(code: AiLibError["code"], message: string): AiLibError {
  return new AiLibError({ code, message });
}

/** The result of a row that was not sent because its job was cancelled. */
export function notSent(): RowResult {
  return {
    outcome: "cancelled",
    error: vendorError("CANCELLED", "The job was cancelled before the row was sent"),
  };
}
