import type { BatchJobsOptions } from "../core/contract/batch-job.js";
import type { BatchService } from "../core/contract/batch-service.js";
import type { BatchStore } from "../core/contract/batch-store.js";
import { type CallOptions, contextOf } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { configError, invalidRequest } from "../core/errors/error.js";
import { leavesOf } from "./choose.js";
import { KindTable } from "./kinds.js";
import { Locks } from "./locks.js";
import { CANCEL_FILE, type JobRecord, type PartRecord } from "./record.js";

/** Where rows go. */
export interface BatchRoute {
  readonly provider: ChatProvider;
  /** The model's name there; undefined for the default. */
  readonly model: string | undefined;
}

/** Whose batch jobs they are. */
export interface BatchHost {
  readonly provider: ChatProvider;
  /**
   * The target of calls of a kind with a model, and its name for the model. Default: `provider`, with the same name.
   */
  route?(kind: string, model: string | undefined): BatchRoute;
  /** Options of a call with the host's defaults. Default: unchanged. */
  callOptions?(options: CallOptions): CallOptions;
}

/** The store of jobs, and the providers that run them. */
export class JobHost {
  readonly kinds: KindTable;
  readonly store: BatchStore;
  readonly locks: Locks;

  constructor(
    private readonly host: BatchHost,
    { store, kinds }: BatchJobsOptions & { readonly store: BatchStore },
  ) {
    this.kinds = new KindTable(kinds);
    this.store = store;
    this.locks = new Locks(store);
  }

  /** @throws {AiLibError} `INVALID_REQUEST` if the store has no such job, or a later version of the library stored it. */
  async load(id: string): Promise<JobRecord> {
    const record = (await this.store.get(id)) as JobRecord | undefined;
    if (record === undefined) throw invalidRequest(`There is no batch job "${id}" in this store`);
    if (record.version !== 1)
      throw invalidRequest(`The batch job "${id}" was stored by a later version of the library`);
    return record;
  }

  /** Marks a job as cancelled. The mark needs no lock: a process that makes live calls sees it. */
  async markCancelled(id: string): Promise<void> {
    const mark = await this.store.write(id, CANCEL_FILE);
    await mark.end();
  }

  async isCancelled(id: string): Promise<boolean> {
    return (await this.store.size(id, CANCEL_FILE)) !== undefined;
  }

  /** Where rows of a kind that name a model go. */
  route(kind: string, model: string | undefined): BatchRoute {
    return this.host.route?.(kind, model) ?? { provider: this.host.provider, model };
  }

  /** A leaf by its id; undefined if the host no longer has it. */
  leafOf(provider: string): ChatProvider | undefined {
    return leavesOf(this.host.provider).find((leaf) => (leaf.target?.provider ?? leaf.name) === provider);
  }

  /** @throws {AiLibError} `CONFIG_ERROR` if the host no longer has the provider of the part. */
  serviceOf({ provider }: PartRecord): BatchService {
    for (const leaf of leavesOf(this.host.provider))
      if ((leaf.target?.provider ?? leaf.name) === provider && leaf.batches !== undefined)
        return leaf.batches;
    throw configError(
      `The job belongs to the provider "${provider}", which is not part of "${this.host.provider.name}"`,
    );
  }

  /** @throws {AiLibError} `CONFIG_ERROR` for an option that is unknown or wrong. */
  callOptions(options: CallOptions): CallOptions {
    const merged = this.host.callOptions?.(options) ?? options;
    contextOf({ ...merged, random: () => 0 });
    return merged;
  }
}
