import type { Admission } from "./admission.js";
import type { Plan } from "./config/plan.js";
import type { GatewayParts } from "./gateway.js";
import type { Io } from "./io.js";
import { isLoopback } from "./loopback.js";
import { settingsOf } from "./settings.js";
import { OpenAdmission, StaticKeys } from "./static-keys.js";
import { loadTelemetry } from "./telemetry.js";

/** Where the parts of a gateway run. */
export interface PartsContext {
  readonly io: Io;
  readonly host: string;
  /** The key of a gateway whose file has none. */
  readonly firstKey: string;
  readonly open: boolean;
}

/** The parts of a gateway that serves a configuration. */
export async function partsOf(plan: Plan, { io, host, firstKey, open }: PartsContext): Promise<GatewayParts> {
  const { config, table, keys, revision } = plan;
  const telemetry = config.telemetry?.otel === true ? await loadTelemetry() : undefined;
  return {
    table,
    revision,
    admission: admissionOf(keys, open || config.open === true, firstKey),
    dialects: config.dialects,
    settings: settingsOf(config),
    openMetrics: config.metrics?.open ?? isLoopback(host),
    ...(telemetry !== undefined && { observers: [telemetry.observer], inTrace: telemetry.inTrace }),
    ...sinksOf(io, config.logs?.access !== false),
  };
}

/** Where a gateway writes: the access log goes to standard output, faults of its own to standard error. */
export function sinksOf(io: Io, access: boolean): Pick<GatewayParts, "writeLog" | "onError"> {
  return {
    ...(access && { writeLog: (line: string) => void io.stdout.write(line) }),
    onError: (error) => {
      // The stack tells where; a message might quote what a client or a provider sent.
      const { name, stack } = error as Error;
      const frames = stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
      io.stderr.write(`${[`${name}: a fault of the gateway`, ...frames].join("\n")}\n`);
    },
  };
}

function admissionOf(keys: Readonly<Record<string, string>>, open: boolean, firstKey: string): Admission {
  if (open) return new OpenAdmission();
  return new StaticKeys(Object.keys(keys).length === 0 ? { first: firstKey } : keys);
}
