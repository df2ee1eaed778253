import type { BatchJobs, BatchJobsOptions } from "../core/contract/batch-job.js";
import type { BatchHost } from "./job-host.js";
import { StoredBatchJobs } from "./stored-jobs.js";

export type * from "../core/contract/batch-job.js";
export type * from "../core/contract/batch-service.js";
export type { BatchLock, BatchStore, LineWriter, StoredBatch } from "../core/contract/batch-store.js";
export type { BatchHost } from "./job-host.js";
export { memoryBatches } from "./memory-store.js";

/** The folder of jobs below the working directory, unless a store is given. */
const DEFAULT_FOLDER = ".ai-lib/batches";

/**
 * Batch jobs of a client or of any provider. `client.batchJobs` is this with the client's settings.
 *
 * @example
 * const jobs = await batchJobs({ provider: provider("openai") }, { store: await folderBatches("/var/lib/app/batches") });
 */
export async function batchJobs(host: BatchHost, options: BatchJobsOptions = {}): Promise<BatchJobs> {
  const store = options.store ?? (await folderBatches(DEFAULT_FOLDER));
  return new StoredBatchJobs(host, { ...options, store });
}

/**
 * A store in a folder, which is created where it is missing. Rows and results are readable by the user alone.
 * @throws {AiLibError} `CONFIG_ERROR` where there is no file system.
 */
export async function folderBatches(
  folder: string,
): Promise<ReturnType<typeof import("./folder-node.js").folderBatches>> {
  return (await import("#batches")).folderBatches(folder);
}
