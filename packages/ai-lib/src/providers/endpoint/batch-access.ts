import type {
  BatchFacts,
  BatchInput,
  BatchPage,
  BatchProgress,
  BatchService,
  BatchSought,
  FoundBatch,
  ListBatchesOptions,
  RowCodec,
  RowReply,
  VendorBatch,
} from "../../core/contract/batch-service.js";
import type { CallOptions } from "../../core/contract/call.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import type { Kind } from "../../core/values/kinds.js";

/** The batches of an endpoint, of which nothing is loaded before the first use. */
export class BatchAccess implements BatchService {
  constructor(
    readonly facts: BatchFacts,
    readonly model: (kind: Kind) => string | undefined,
    private readonly load: () => Promise<BatchService>,
  ) {}

  async rows<K extends Kind>(laws: KindLaws<K>, options?: CallOptions): Promise<RowCodec<K>> {
    return (await this.load()).rows(laws, options);
  }

  async create(
    input: BatchInput,
    save: (progress: BatchProgress) => Promise<void>,
    options?: CallOptions,
  ): Promise<VendorBatch> {
    return (await this.load()).create(input, save, options);
  }

  async find(sought: BatchSought, options?: CallOptions): Promise<FoundBatch | undefined> {
    return (await this.load()).find(sought, options);
  }

  async get(id: string, options?: CallOptions): Promise<VendorBatch> {
    return (await this.load()).get(id, options);
  }

  async cancel(id: string, options?: CallOptions): Promise<VendorBatch> {
    return (await this.load()).cancel(id, options);
  }

  async list(options?: ListBatchesOptions): Promise<BatchPage> {
    return (await this.load()).list(options);
  }

  async *results(batch: VendorBatch, options?: CallOptions): AsyncGenerator<RowReply> {
    yield* (await this.load()).results(batch, options);
  }
}
