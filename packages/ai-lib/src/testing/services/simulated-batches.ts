import type { Clock } from "../../core/contract/clock.js";
import type { DialectId } from "../../core/contract/dialect.js";
import type { RowAnswers } from "./row-answers.js";
import { refused } from "./service.js";

/** How the batches of an endpoint go. */
export interface BatchPlan {
  /** Questions that a batch answers with "running" before it ends. Default 1. */
  readonly questions?: number | undefined;
  /** The batch fails when it is checked, with this reason. */
  readonly invalid?: string | undefined;
  /** The batch expires after so many rows were answered. */
  readonly expiresAfter?: number | undefined;
  /** The status of a row that fails, by its number; undefined for one that succeeds. */
  readonly rowStatus?: ((row: number) => number | undefined) | undefined;
  /** Whether the results leave a row out. */
  readonly rowLost?: ((row: number) => boolean) | undefined;
  /** Results in the order from the last row to the first. Default: that of the rows. */
  readonly backwards?: boolean | undefined;
}

/** A row of a batch, read from its line. */
export interface SimulatedRow {
  readonly key: string;
  /** Path of its endpoint. */
  readonly path: string;
  readonly body: string;
}

/** The result of a row. */
export interface SimulatedResult {
  readonly key: string;
  readonly outcome: "succeeded" | "failed" | "cancelled" | "expired";
  readonly status: number;
  /** The reply of its endpoint, as JSON text. */
  readonly body: string;
}

/** The rows of a batch by their outcome. */
export interface SimulatedCounts {
  total: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  expired: number;
}

/** A batch of the simulator. Times are epoch milliseconds. */
export interface SimulatedBatch {
  readonly id: string;
  readonly createdAt: number;
  readonly dialect: DialectId;
  readonly plan: BatchPlan;
  /** What its request said that its answers repeat. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Reads the rows; called when the batch ends. */
  rows(): Iterable<SimulatedRow>;
  readonly counts: SimulatedCounts;
  state: "pending" | "running" | "cancelling" | "done" | "failed" | "expired" | "cancelled";
  asked: number;
  endedAt: number | undefined;
  /** Set once it has ended. */
  results: readonly SimulatedResult[];
}

/** The batches of one endpoint of the simulator, whichever API asks for them. */
export class SimulatedBatches {
  private readonly batches = new Map<string, SimulatedBatch>();
  /** How batches go that are created from now on. */
  plan: BatchPlan = {};

  constructor(
    private readonly endpoint: string,
    private readonly clock: Clock,
    private readonly answers: RowAnswers,
  ) {}

  create(batch: Pick<SimulatedBatch, "id" | "dialect" | "facts" | "rows">, total: number): SimulatedBatch {
    const created: SimulatedBatch = {
      ...batch,
      plan: this.plan,
      createdAt: this.clock.now(),
      counts: { total, succeeded: 0, failed: 0, cancelled: 0, expired: 0 },
      state: "pending",
      asked: 0,
      endedAt: undefined,
      results: [],
    };
    this.batches.set(batch.id, created);
    return created;
  }

  /** The batches, the newest first. */
  all(): SimulatedBatch[] {
    return [...this.batches.values()].toReversed();
  }

  /** A batch, without a question about it. @throws {AiLibError} with status 404 for one that is not there. */
  get(id: string): SimulatedBatch {
    const batch = this.batches.get(id);
    if (batch === undefined) throw refused(404, `No batch with id '${id}' was found`);
    return batch;
  }

  /** A batch as a question about it finds it: questions are what moves batches on. */
  ask(id: string): SimulatedBatch {
    const batch = this.get(id);
    batch.asked++;
    const { plan } = batch;
    if (batch.state === "cancelling") this.end(batch, "cancelled", Math.floor(batch.counts.total / 2));
    else if (batch.state === "pending" || batch.state === "running") {
      batch.state = "running";
      if (plan.invalid !== undefined) this.fail(batch);
      else if (batch.asked > (plan.questions ?? 1))
        if (plan.expiresAfter === undefined) this.end(batch, "done", batch.counts.total);
        else this.end(batch, "expired", plan.expiresAfter);
    }
    return batch;
  }

  /** Asks a batch to stop. @throws {AiLibError} with status 400 for one that has ended. */
  cancel(id: string): SimulatedBatch {
    const batch = this.get(id);
    if (batch.endedAt !== undefined) throw refused(400, `Cannot cancel a batch with status '${batch.state}'`);
    batch.state = "cancelling";
    return batch;
  }

  private fail(batch: SimulatedBatch): void {
    batch.state = "failed";
    batch.endedAt = this.clock.now();
  }

  private end(batch: SimulatedBatch, state: "done" | "expired" | "cancelled", answered: number): void {
    const { plan, dialect, counts } = batch;
    const results: SimulatedResult[] = [];
    let row = 0;
    for (const { key, path, body } of batch.rows()) {
      const at = row++;
      if (plan.rowLost?.(at) === true) continue;
      const status = plan.rowStatus?.(at);
      if (at >= answered) {
        const outcome = state === "expired" ? "expired" : "cancelled";
        counts[outcome]++;
        results.push({ key, outcome, status: 0, body: "" });
        continue;
      }
      const reply =
        status === undefined
          ? this.answers.reply(this.endpoint, path, body, dialect)
          : this.answers.refusal(status, dialect);
      const outcome = reply.status < 400 ? "succeeded" : "failed";
      counts[outcome]++;
      results.push({ key, outcome, status: reply.status, body: reply.body });
    }
    if (plan.backwards === true) results.reverse();
    batch.results = results;
    batch.state = state;
    batch.endedAt = this.clock.now();
  }
}

/** The lines of a text that are not blank. */
export function* linesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const at = text.indexOf("\n", start);
    const end = at === -1 ? text.length : at;
    const line = text.slice(start, end).trim();
    if (line !== "") yield line;
    start = end + 1;
  }
}
