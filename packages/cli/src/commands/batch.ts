import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { AiLibError, type BatchJob, type BatchResult, type BatchRow } from "ai-lib";
import { openJob, openNewJobs, openStoredJobs } from "../batch/open-jobs.js";
import { ProgressBar } from "../batch/progress-bar.js";
import { checkFile, readRows } from "../batch/read-rows.js";
import { usageError } from "../errors.js";
import { type Io, measureWidth } from "../io.js";
import { formatDollars } from "../report.js";
import { formatTable } from "../table.js";
import { foreignText } from "../terminal.js";

/** Options of `ai-lib batch submit`. */
interface SubmitOptions {
  readonly model?: string;
  readonly kind?: string;
  readonly prompt?: string;
  readonly csv?: boolean;
  readonly window?: string;
  readonly executor?: "batch" | "live" | "auto";
  readonly webhook?: string;
  readonly key?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Sends the rows of a file, and prints the id of the job. */
export async function submitBatch(io: Io, path: string, options: SubmitOptions): Promise<void> {
  const { kind, prompt, window, executor, webhook, key, quiet } = options;
  await checkFile(path);
  const { jobs, model } = await openNewJobs(io, options.model);
  const format = options.csv === true || /\.csv$/i.test(path) ? "csv" : "jsonl";
  const bar = ProgressBar.create(io, quiet);
  let job: BatchJob;
  try {
    job = await jobs.submit(named(readRows(io, path, { format, kind, prompt }), model), {
      signal: io.signal,
      ...{ window, executor, webhook, idempotencyKey: key },
      onStored: (rows) => bar?.stored(rows),
    });
  } finally {
    bar?.stop();
  }
  if (options.json === true) io.stdout.write(`${JSON.stringify(job, null, 2)}\n`);
  else io.stdout.write(`${job.id}\n`);
  if (quiet === true) return;
  for (const { rows, kind: each, model: asked, provider, why } of job.parts) {
    const where = foreignText(io.stderr, provider === "" ? "not sent" : `${provider}/${asked}`);
    io.stderr.write(`${rows} of ${each} · ${where} · ${foreignText(io.stderr, why)}\n`);
  }
  io.stderr.write(`Results: ai-lib batch results ${job.id} -o results.jsonl\n`);
}

/** Rows with the model that the command names, where they name none. */
async function* named(rows: AsyncIterable<BatchRow>, model: string | undefined): AsyncGenerator<BatchRow> {
  for await (const row of rows) {
    if (model === undefined) yield row;
    else if (typeof row.request === "string")
      yield { ...row, request: { model, messages: [{ role: "user", content: row.request }] } } as BatchRow;
    else yield { ...row, request: { model, ...row.request } } as BatchRow;
  }
}

/** Prints the state of a job, or lists the jobs. */
export async function showBatch(
  io: Io,
  id: string | undefined,
  { json, count = "20" }: { readonly json?: boolean; readonly count?: string },
): Promise<void> {
  if (id === undefined) {
    const limit = Number(count);
    if (!Number.isInteger(limit) || limit < 1)
      throw usageError(`-n takes a whole number of 1 or more, not "${count}"`);
    const all = await (await openStoredJobs(io)).list({ limit });
    if (json === true) io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    else if (all.length === 0)
      io.stderr.write("There are no batches. Send one: ai-lib batch submit rows.jsonl\n");
    else io.stdout.write(tableOf(io, all));
    return;
  }
  const { jobs } = await openJob(io, id);
  const job = await jobs.refresh(id, { signal: io.signal });
  if (json === true) io.stdout.write(`${JSON.stringify(job, null, 2)}\n`);
  else {
    io.stdout.write(tableOf(io, [job]));
    for (const { number, problem } of job.parts)
      if (problem !== undefined) io.stderr.write(`part ${number}: ${foreignText(io.stderr, problem)}\n`);
  }
}

const COLUMNS = [
  { heading: "id" },
  { heading: "state" },
  { heading: "done", right: true },
  { heading: "rows", right: true },
  { heading: "succeeded", right: true },
  { heading: "failed", right: true },
  { heading: "cost", right: true },
  { heading: "provider" },
  { heading: "sent" },
] as const;

function tableOf(io: Io, jobs: readonly BatchJob[]): string {
  const rows = jobs.map(({ id, state, createdAt, total, counts, progress, cost, parts }) => [
    id,
    state,
    `${Math.floor(progress * 100)} %`,
    String(total),
    String(counts.succeeded),
    String(counts.failed + counts.expired + counts.cancelled),
    cost === undefined ? "?" : formatDollars(cost),
    [...new Set(parts.flatMap(({ provider }) => (provider === "" ? [] : [provider])))].join(", "),
    new Date(createdAt).toISOString().slice(0, 16).replace("T", " "),
  ]);
  return `${formatTable(COLUMNS, rows, measureWidth(io.stdout))}\n`;
}

/** Options of `ai-lib batch results`. */
interface ResultsOptions {
  readonly output?: string;
  readonly wait?: boolean;
  readonly poll?: string;
  readonly quiet?: boolean;
}

/** Waits for the results of a job and writes them, one JSON object a line. */
export async function printResults(io: Io, id: string, options: ResultsOptions): Promise<void> {
  const { output, wait = true, quiet } = options;
  const { jobs } = await openJob(io, id);
  const poll = pollOf(options.poll);
  const bar = ProgressBar.create(io, quiet);
  const out = output === undefined ? io.stdout : createWriteStream(output, { mode: 0o600 });
  try {
    const results = jobs.results(id, {
      signal: io.signal,
      wait,
      ...(poll === undefined ? {} : { poll }),
      onProgress: (job) => bar?.show(job),
    });
    for await (const result of results) if (!out.write(lineOf(result))) await once(out, "drain");
  } catch (error) {
    bar?.stop();
    if (AiLibError.is(error) && error.code === "CANCELLED" && quiet !== true)
      io.stderr.write(`The batch goes on. Its results: ai-lib batch results ${id}\n`);
    throw error;
  } finally {
    bar?.stop();
    if (out !== io.stdout) {
      out.end();
      await finished(out as ReturnType<typeof createWriteStream>);
    }
  }
  if (quiet === true) return;
  const { counts, cost, total } = await jobs.get(id);
  const failed = counts.failed + counts.expired + counts.cancelled;
  const open = counts.open === 0 ? "" : `, ${counts.open} without a result yet`;
  const price = cost === undefined ? "" : `, ${formatDollars(cost)}`;
  io.stderr.write(`${counts.succeeded} of ${total} succeeded, ${failed} failed${open}${price}\n`);
  if (failed > 0 && counts.open === 0)
    io.stderr.write(`Once more what may succeed now: ai-lib batch retry ${id}\n`);
}

/** Milliseconds between two questions. */
function pollOf(seconds: string | undefined): { readonly minMs: number; readonly maxMs: number } | undefined {
  if (seconds === undefined) return undefined;
  const ms = Number(seconds) * 1000;
  if (!(ms > 0)) throw usageError(`--poll takes a number of seconds above 0, not "${seconds}"`);
  return { minMs: ms, maxMs: ms };
}

function lineOf({ id, index, outcome, response, error, cost }: BatchResult): string {
  const told = error === undefined ? { response } : { error: error.toJSON() };
  return `${JSON.stringify({ id, index, outcome, ...told, ...(cost === undefined ? {} : { cost }) })}\n`;
}

/** Stops a job. */
export async function cancelBatch(
  io: Io,
  id: string,
  { quiet }: { readonly quiet?: boolean },
): Promise<void> {
  const { jobs } = await openJob(io, id);
  const job = await jobs.cancel(id, { signal: io.signal });
  if (quiet === true) return;
  const ended = job.counts.open === 0;
  io.stderr.write(ended ? `The batch has ended: it is ${job.state}\n` : "The batch is being cancelled\n");
}

/** Sends the rows again that failed in a way that may pass, and prints the id of the new job. */
export async function retryBatch(io: Io, id: string): Promise<void> {
  const { jobs } = await openJob(io, id);
  const job = await jobs.retry(id, { signal: io.signal });
  io.stdout.write(`${job.id}\n`);
}

/** Removes a job with its rows and results from this machine. */
export async function removeBatch(io: Io, id: string): Promise<void> {
  await (await openStoredJobs(io)).remove(id);
}
