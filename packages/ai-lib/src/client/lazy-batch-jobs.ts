import type { BatchHost } from "../batches/job-host.js";
import type {
  BatchJob,
  BatchJobs,
  BatchJobsOptions,
  BatchResult,
  BatchResultsOptions,
  BatchRow,
  BatchWaitOptions,
  ListBatchJobsOptions,
  SubmitBatchOptions,
} from "../core/contract/batch-job.js";
import type { CallOptions } from "../core/contract/call.js";

/** Batch jobs of a client, of which nothing is loaded before the first use. */
export class LazyBatchJobs implements BatchJobs {
  private loading: Promise<BatchJobs> | undefined;
  private loaded: BatchJobs | undefined;

  constructor(
    private readonly host: BatchHost,
    private readonly options: BatchJobsOptions | undefined,
  ) {}

  async submit(
    items: Iterable<BatchRow> | AsyncIterable<BatchRow>,
    options?: SubmitBatchOptions,
  ): Promise<BatchJob> {
    return (await this.jobs()).submit(items, options);
  }

  async get(id: string): Promise<BatchJob> {
    return (await this.jobs()).get(id);
  }

  async list(options?: ListBatchJobsOptions): Promise<readonly BatchJob[]> {
    return (await this.jobs()).list(options);
  }

  async refresh(id: string, options?: CallOptions): Promise<BatchJob> {
    return (await this.jobs()).refresh(id, options);
  }

  async cancel(id: string, options?: CallOptions): Promise<BatchJob> {
    return (await this.jobs()).cancel(id, options);
  }

  async wait(id: string, options?: BatchWaitOptions): Promise<BatchJob> {
    return (await this.jobs()).wait(id, options);
  }

  async *results(id: string, options?: BatchResultsOptions): AsyncGenerator<BatchResult> {
    yield* (await this.jobs()).results(id, options);
  }

  async retry(id: string, options?: Omit<SubmitBatchOptions, "idempotencyKey">): Promise<BatchJob> {
    return (await this.jobs()).retry(id, options);
  }

  /** Before the code is loaded, nothing waits for a batch. */
  notify(batch: string): void {
    this.loaded?.notify(batch);
  }

  async remove(id: string): Promise<void> {
    return (await this.jobs()).remove(id);
  }

  private jobs(): Promise<BatchJobs> {
    this.loading ??= this.load();
    return this.loading;
  }

  private async load(): Promise<BatchJobs> {
    const { batchJobs } = await import("../batches/index.js");
    this.loaded = await batchJobs(this.host, this.options);
    return this.loaded;
  }
}
