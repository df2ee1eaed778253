import type { AdmissionRequest } from "../admission.js";
import type { KeyDirectory } from "../keys/key-directory.js";
import type { RecordKind } from "../keys/record.js";
import type { LimitState } from "../limits/limit-state.js";
import type { Preview } from "../limits/preview.js";
import type { AuditLog } from "../store/audit.js";
import type { RateCard } from "../store/rates.js";
import type { UsageReader } from "../store/store.js";
import type { Authenticator } from "./auth/authenticator.js";
import type { ServedState } from "./served-state.js";

/** The parts of the gateway that the routes of the admin API read and change. */
export interface AdminParts {
  readonly auth: Authenticator;
  /** The origin of the admin API, as browsers see it. */
  readonly origin: string;
  /** What the gateway serves now. */
  readonly served: ServedState;
  readonly audit: AuditLog;
  /** Undefined for a gateway whose keys are only in its file. */
  readonly keys?: KeyDirectory | undefined;
  /** The limits of a key, or of a group, and of the groups that it is in, with what is left of them. */
  readonly limitsOf?:
    | ((id: string, kind: "key" | "group") => Promise<readonly LimitState[] | undefined>)
    | undefined;
  /** Whether the ledger has calls of a key or a group, which may be deleted. Default: it has none. */
  readonly wasUsed?: ((kind: RecordKind, id: string) => Promise<boolean>) | undefined;
  /** What the admission of a call would do; undefined where there is no such key. */
  readonly preview?: ((call: AdmissionRequest) => Promise<Preview | undefined>) | undefined;
  /** Undefined for a gateway without a store. */
  readonly rates?: RateCard | undefined;
  /** Undefined for a gateway without a store. */
  readonly usage?: UsageReader | undefined;
}
