import type { Plan } from "../config/plan.js";
import type { LiveCalls } from "../live/live-calls.js";
import type { ModelTable } from "../model-table.js";
import type { Readiness } from "../status.js";

/** The present state of a gateway, and the changes that are possible. */
export interface ServedState {
  /** The configuration; undefined for a gateway without a file. */
  plan(): Plan | undefined;
  table(): ModelTable;
  readiness(): Readiness;
  /** Requests that are being answered. */
  running(): number;
  /** The calls of each route. */
  readonly calls: LiveCalls;
  /** Reads the file again. @throws {AiLibError} `CONFIG_ERROR` for a wrong one. Undefined without a file. */
  readonly reload?: (() => Promise<string>) | undefined;
}
