import type { StoreLocation } from "./location.js";
import type { Store } from "./store.js";

/** What a worker is started with. */
export interface WorkerStart {
  readonly location: StoreLocation;
  /** Give way to other threads: for reading. */
  readonly background: boolean;
}

/** The calls that a worker answers, by the names that its messages have. */
export const CALLS = {
  write: (store: Store, ...args: Parameters<Store["write"]>) => store.write(...args),
  prune: (store: Store, ...args: Parameters<Store["prune"]>) => store.prune(...args),
  usage: (store: Store, ...args: Parameters<Store["usage"]["usage"]>) => store.usage.usage(...args),
  calls: (store: Store, ...args: Parameters<Store["usage"]["calls"]>) => store.usage.calls(...args),
  call: (store: Store, ...args: Parameters<Store["usage"]["call"]>) => store.usage.call(...args),
  content: (store: Store, ...args: Parameters<Store["usage"]["content"]>) => store.usage.content(...args),
  end: (store: Store) => store.usage.end(),
  spentSince: (store: Store, ...args: Parameters<Store["usage"]["spentSince"]>) =>
    store.usage.spentSince(...args),
  getDocument: (store: Store, kind: string, id: string) => store.documents.get(kind, id),
  listDocuments: (store: Store, kind: string) => store.documents.list(kind),
  putDocument: (store: Store, ...args: Parameters<Store["documents"]["put"]>) => store.documents.put(...args),
  deleteDocument: (store: Store, ...args: Parameters<Store["documents"]["delete"]>) =>
    store.documents.delete(...args),
  touchDocuments: (store: Store, ...args: Parameters<Store["documents"]["touch"]>) =>
    store.documents.touch(...args),
  appendAudit: (store: Store, ...args: Parameters<Store["audit"]["append"]>) => store.audit.append(...args),
  readAudit: (store: Store, ...args: Parameters<Store["audit"]["read"]>) => store.audit.read(...args),
  listRates: (store: Store) => store.rates.list(),
  setPrice: (store: Store, ...args: Parameters<Store["rates"]["setPrice"]>) => store.rates.setPrice(...args),
  close: (store: Store) => store.close(),
} as const;

/** The name of a call. */
export type CallName = keyof typeof CALLS;

/** The parameters of a call. */
export type CallArguments<N extends CallName> =
  Parameters<(typeof CALLS)[N]> extends [unknown, ...infer A] ? A : never;

/** A call of a worker. */
export interface WorkerCall {
  readonly id: number;
  readonly name: CallName;
  readonly args: readonly unknown[];
}

/** What a failure of a worker is made of: errors lose their classes on the way. */
export interface WorkerFailure {
  readonly message: string;
  readonly code: string | undefined;
  /** Whether it is an error of ai-lib, whose code the caller knows. */
  readonly known: boolean;
  readonly transient: boolean;
}

/** The answer to a call; that to the start has the id 0. */
export interface WorkerAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: WorkerFailure;
}
