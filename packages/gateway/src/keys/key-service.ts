import { type MemoryState, memory } from "ai-lib/state";
import type { AdmissionRequest } from "../admission.js";
import { Counters } from "../limits/counters.js";
import type { LimitState, SpendHistory } from "../limits/limit-state.js";
import type { Preview } from "../limits/preview.js";
import { Restorer } from "../limits/restore.js";
import { UsualUse } from "../limits/usual-use.js";
import type { ModelTable } from "../model-table.js";
import type { DeclaredRecords } from "./combined.js";
import { Directory } from "./directory.js";
import { KeyAdmission } from "./key-admission.js";
import { type KeyStore, MemoryKeyStore } from "./key-store.js";
import type { RecordKind } from "./record.js";

/** What a service is made of. */
export interface KeyServiceOptions {
  /** Default: in memory, so that keys that are made end with the process. */
  readonly store?: KeyStore | undefined;
  /** Default: nothing is known of the past. */
  readonly history?: SpendHistory | undefined;
  readonly pepper?: string | undefined;
  /** Where the counters of limits are. Default: in memory of its own. */
  readonly state?: MemoryState | undefined;
}

/** What a configuration serves to keys. */
export interface ServedKeys {
  readonly declared: DeclaredRecords;
  readonly table: ModelTable;
  /** See `limits.maxTokens` of the configuration. */
  readonly maxTokens?: number | undefined;
}

/** The keys, groups and limits of a gateway. They survive reloads, with all counts. */
export class KeyService {
  private readonly restorer: Restorer;
  private readonly usualUse = new UsualUse();
  private readonly counters: Counters;
  private admission: KeyAdmission | undefined;
  private readonly history: SpendHistory | undefined;

  private constructor(
    readonly directory: Directory,
    { history, state = memory() }: KeyServiceOptions,
  ) {
    this.counters = Counters.in(state);
    this.history = history;
    this.restorer = new Restorer(history);
  }

  /** Loads the keys and groups of the store. They may be in groups that only {@link KeyService.serve} declares. */
  static async open(options: KeyServiceOptions = {}): Promise<KeyService> {
    const { store = new MemoryKeyStore(), pepper } = options;
    return new KeyService(await Directory.open({ store, pepper }), options);
  }

  /**
   * The admission of a configuration, which replaces the previous one.
   * @throws {DirectoryError} for a key or a group that the store has as well
   */
  async serve({ declared, table, maxTokens }: ServedKeys): Promise<KeyAdmission> {
    await this.directory.declare(declared);
    this.admission?.close();
    this.admission = new KeyAdmission({
      directory: this.directory,
      counters: this.counters,
      restorer: this.restorer,
      usualUse: this.usualUse,
      maxTokens,
      route: (name) => table.named(name),
    });
    return this.admission;
  }

  /** Whether the past has calls of a key or a group, which may be deleted; also calls for which nothing was sent. */
  async wasUsed(kind: RecordKind, id: string): Promise<boolean> {
    const spent = await this.history?.spentSince({ node: { kind, id }, from: 0 });
    return spent !== undefined && spent.length > 0;
  }

  /** See {@link KeyAdmission.limitsOf}. */
  async limitsOf(id: string, kind: RecordKind = "key"): Promise<readonly LimitState[] | undefined> {
    return this.admission?.limitsOf(id, kind);
  }

  /** See {@link KeyAdmission.preview}. */
  async preview(call: AdmissionRequest): Promise<Preview | undefined> {
    return this.admission?.preview(call);
  }

  /** Writes when keys were last used. */
  close(): Promise<void> {
    this.admission?.close();
    return this.directory.close();
  }
}
