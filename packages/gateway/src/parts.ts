import type { Admission } from "./admission.js";
import type { Plan } from "./config/plan.js";
import { configError } from "./config-error.js";
import { withFirstKey } from "./first-key.js";
import type { GatewayParts } from "./gateway.js";
import { GatheredLines } from "./gathered-lines.js";
import type { Io } from "./io.js";
import type { DeclaredRecords } from "./keys/combined.js";
import { DirectoryError } from "./keys/key-directory.js";
import type { KeyService } from "./keys/key-service.js";
import type { Storage } from "./ledger/storage.js";
import { isLoopback } from "./loopback.js";
import type { ModelTable } from "./model-table.js";
import { OpenAdmission } from "./open-admission.js";
import { settingsOf } from "./settings.js";
import { StoreError } from "./store/store-thread.js";
import { StoreReport } from "./store-report.js";
import { loadTelemetry } from "./telemetry.js";

/** Where the parts of a gateway run. */
export interface PartsContext {
  readonly io: Io;
  readonly host: string;
  readonly keys: KeyService;
  /** That of the keys; a reload does not change it. */
  readonly pepper: string;
  /** The key of a gateway whose file and store have none; undefined for no such key. */
  readonly firstKey: string | undefined;
  readonly open: boolean;
  /** What keeps calls; undefined where nothing does. */
  readonly storage: Storage | undefined;
}

/**
 * The parts of a gateway that serves a configuration. One that is refused changes nothing of what is served.
 * @throws {AiLibError} `CONFIG_ERROR` for keys and groups that the store has as well.
 */
export async function partsOf(plan: Plan, context: PartsContext): Promise<GatewayParts> {
  const { io, host, storage } = context;
  const { config, table, revision } = plan;
  const telemetry = config.telemetry?.otel === true ? await loadTelemetry() : undefined;
  const admission = await admissionOf(context, table, plan);
  // The last step, since it cannot fail.
  storage?.serve(plan.storage);
  return {
    table,
    revision,
    ledger: storage?.ledger,
    admission,
    dialects: config.dialects,
    settings: settingsOf(config),
    openMetrics: config.metrics?.open ?? isLoopback(host),
    ...(telemetry !== undefined && { observers: [telemetry.observer], inTrace: telemetry.inTrace }),
    ...sinksOf(io, config.logs?.access !== false),
  };
}

/** Where a gateway writes: the access log goes to standard output, faults of its own to standard error. */
export function sinksOf(io: Io, access: boolean): Pick<GatewayParts, "writeLog" | "onError"> {
  const lines = new GatheredLines(io.stdout);
  const store = new StoreReport((line) => io.stderr.write(`${line}\n`));
  return {
    ...(access && { writeLog: (line: string) => lines.write(line) }),
    onError: (error) => {
      if (error instanceof StoreError) return store.note(error);
      // The stack says where; a message might quote what a client or a provider sent.
      const { name, stack } = error as Error;
      const frames = stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
      io.stderr.write(`${[`${name}: a fault of the gateway`, ...frames].join("\n")}\n`);
    },
  };
}

/** Who may call: everybody, or who has a key of the file or of the store. */
export async function admissionOf(
  { io, keys, pepper, firstKey, open }: PartsContext,
  table: ModelTable,
  plan?: Plan,
): Promise<Admission> {
  if (open || plan?.config.open === true) return new OpenAdmission();
  try {
    const admission = await keys.serve({
      table,
      maxTokens: plan?.config.limits?.maxTokens,
      declared: withFirstKey(plan?.declared ?? NOTHING, firstKey, pepper),
    });
    const { directory } = keys;
    for (const line of [
      ...directory.unusableKeys(),
      ...directory.closedDiversions((name) => table.named(name)?.route),
    ])
      io.stderr.write(`${line}\n`);
    return admission;
  } catch (error) {
    throw error instanceof DirectoryError ? configError(error.message) : error;
  }
}

const NOTHING: DeclaredRecords = { keys: [], groups: [] };
