import type { BatchStore } from "../core/contract/batch-store.js";
import { type Call, type CallOptions, callOf, contextOf } from "../core/contract/call.js";
import type { Clock } from "../core/contract/clock.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { AiLibError } from "../core/errors/error.js";
import type { KindLaws } from "../core/kinds/laws.js";
import { openMember } from "../core/run/member.js";
import { UnaryRun } from "../core/run/run.js";
import { sleep } from "../core/run/sleep.js";
import type { Kind, RequestOf, ResponseOf } from "../core/values/kinds.js";
import { notSent } from "./collect.js";
import { files, type JobRecord, type PartRecord } from "./record.js";
import { type Item, type RowResult, readItem, readResult, writeResult } from "./result-line.js";
import { linesFrom, writeLine } from "./stored-lines.js";
import { Tally } from "./tally.js";

/** How often a row is called again after a rate limit. */
const MAX_LIMITED = 8;

/** The longest pause that a rate limit may cause, in milliseconds. */
const LONGEST_PAUSE_MS = 10 * 60_000;

/** What live calls need. */
export interface LiveTools {
  readonly store: BatchStore;
  readonly provider: ChatProvider;
  /** Is called first; a row whose failure is temporary moves on to `provider`. */
  readonly preferred?: ChatProvider | undefined;
  readonly laws: KindLaws;
  readonly clock: Clock;
  readonly call: CallOptions;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Whether the job was cancelled. */
  cancelled(): Promise<boolean>;
  /** Called after every result. */
  onResult(done: number): void;
}

/**
 * Calls the rows of a part that have no result yet. Each result is written before its worker takes the next row, so that
 * only rows under way are called again after a crash.
 */
export async function runLivePart(job: JobRecord, part: PartRecord, tools: LiveTools): Promise<void> {
  const { store, clock, signal } = tools;
  const results = files.results(part.number);
  const tally = new Tally();
  const done = new Set<number>();
  const writer = await store.append(job.id, results);
  try {
    for await (const { text } of linesFrom(store, job.id, results)) {
      const result = readResult(text, part.number, part.kind);
      if (done.has(result.index)) continue;
      done.add(result.index);
      tally.add(result);
    }
    let pausedUntil = 0;
    let stopped = false;
    const limited = (error: AiLibError): void => {
      const at = error.retryAt ?? clock.now() + 5_000;
      pausedUntil = Math.max(pausedUntil, Math.min(at, clock.now() + LONGEST_PAUSE_MS));
    };
    const answer = async (item: Item): Promise<RowResult | undefined> => {
      for (let times = 1; ; times++) {
        if (pausedUntil > clock.now()) await sleep(pausedUntil - clock.now(), clock, signal);
        try {
          return { outcome: "succeeded", response: await callRow(item.request, part, tools) };
        } catch (thrown) {
          const error = AiLibError.from(thrown);
          if (signal.aborted) return undefined;
          if (error.code !== "RATE_LIMIT" || times >= MAX_LIMITED) return { outcome: "failed", error };
          limited(error);
        }
      }
    };
    const lines = linesFrom(store, job.id, files.items(part.number))[Symbol.asyncIterator]();
    const worker = async (): Promise<void> => {
      while (!signal.aborted) {
        const step = await lines.next();
        if (step.done === true) return;
        const item = readItem(step.value.text);
        if (done.has(item.index)) continue;
        stopped ||= await tools.cancelled();
        const result = stopped ? notSent() : await answer(item);
        if (result === undefined) return;
        tally.add(result);
        await writeLine(writer, writeResult(item, result));
        tools.onResult(tally.rows);
      }
    };
    await Promise.all(Array.from({ length: Math.min(tools.concurrency, part.rows) }, worker));
  } finally {
    await writer.end();
  }
  if (tally.rows === part.rows) tally.close(part);
  else part.done = tally.rows;
}

async function callRow(request: RequestOf, part: PartRecord, tools: LiveTools): Promise<ResponseOf> {
  const { provider, preferred, signal } = tools;
  if (preferred === undefined) return callProvider(provider, request, part, tools);
  try {
    return await callProvider(preferred, request, part, tools);
  } catch (thrown) {
    const error = AiLibError.from(thrown);
    if (signal.aborted || !error.retryable) throw error;
    return callProvider(provider, request, { ...part, model: "" }, tools);
  }
}

async function callProvider(
  provider: ChatProvider,
  request: RequestOf,
  { model }: PartRecord,
  { laws, call, signal }: LiveTools,
): Promise<ResponseOf> {
  const named = model === "" || (request as { model?: string }).model !== undefined;
  const asked = named ? request : { ...request, model };
  const opened: Call = callOf<Kind>(
    laws as never,
    asked as RequestOf,
    "unary",
    contextOf({ ...call, signal }),
  );
  const opener = { name: provider.name, open: openMember.bind(undefined, provider) };
  return new UnaryRun<Kind>(opener, opened, true).response();
}
