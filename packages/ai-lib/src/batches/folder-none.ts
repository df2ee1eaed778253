import type { BatchStore } from "../core/contract/batch-store.js";
import { configError } from "../core/errors/error.js";

/** Where there is no file system (browsers, workers): batch jobs need a store that is passed. */
export function folderBatches(_folder: string): BatchStore {
  throw configError("There is no file system here: pass a `store` for batch jobs, such as memoryBatches()");
}
