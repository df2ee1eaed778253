import { AiLibError, systemClock } from "ai-lib";
import { provider } from "ai-lib/providers";
import { type Io, measureWidth, selectColors } from "../io.js";
import { formatDuration, formatTarget } from "../report.js";
import { listConfigured, readSetup, type Setup } from "../setup.js";
import { formatTable } from "../table.js";
import { foreignText } from "../terminal.js";

/** The health of one target. */
interface TargetHealth {
  readonly target: string;
  /** `unknown` if the endpoint offers no request that uses no tokens. */
  readonly state: "healthy" | "unhealthy" | "unknown";
  readonly latencyMs: number;
  /** `errorCodeWithSeverity()` */
  readonly code?: string;
  readonly message?: string;
}

/** Time for a target to respond, in milliseconds. */
const CHECK_MS = 10_000;

/**
 * Checks which targets respond, with the keys that a call would use and without using tokens.
 * @throws {AiLibError} `PROVIDER_ERROR` if a target is unhealthy, so that the exit code is not 0.
 */
export async function checkHealth(
  io: Io,
  targets: readonly string[],
  options: { readonly json?: boolean },
): Promise<void> {
  const setup = await readSetup(io);
  const specs = targets.length > 0 ? targets : listConfigured(setup);
  if (specs.length === 0)
    io.stderr.write(
      "No provider is configured. Name one (ai-lib health ollama), or see `ai-lib providers`.\n",
    );
  const found = await Promise.all(specs.map((spec) => checkTarget(io, setup, spec)));
  if (options.json === true) io.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else if (found.length > 0) io.stdout.write(`${formatHealth(io, found)}\n`);
  const unhealthy = found.filter(({ state }) => state === "unhealthy").length;
  if (unhealthy > 0)
    throw new AiLibError({
      code: "PROVIDER_ERROR",
      message: `${unhealthy} of ${found.length} targets ${unhealthy === 1 ? "is" : "are"} unhealthy`,
    });
}

async function checkTarget(io: Io, { environment, factory }: Setup, spec: string): Promise<TargetHealth> {
  const begun = systemClock.now();
  let target = spec;
  const result = (state: TargetHealth["state"], error?: AiLibError): TargetHealth => ({
    target,
    state,
    latencyMs: Math.round(systemClock.now() - begun),
    ...(error === undefined ? {} : { code: error.errorCodeWithSeverity(), message: error.message }),
  });
  try {
    const checked = provider(spec, { environment }, factory);
    target = formatTarget(checked.target);
    await checked.checkHealth({ signal: io.signal, timeouts: { totalMs: CHECK_MS } });
    return result("healthy");
  } catch (error) {
    const failure = AiLibError.from(error);
    return result(failure.code === "UNSUPPORTED_FEATURE" ? "unknown" : "unhealthy", failure);
  }
}

function formatHealth(io: Io, found: readonly TargetHealth[]): string {
  const color = selectColors(io, io.stdout);
  const paint = { healthy: color.green, unhealthy: color.red, unknown: color.yellow };
  return formatTable(
    [{ heading: "target" }, { heading: "state" }, { heading: "latency", right: true }, { heading: "reason" }],
    found.map(({ target, state, latencyMs, code, message }) => [
      foreignText(io.stdout, target),
      paint[state](state),
      formatDuration(latencyMs),
      code === undefined ? "" : foreignText(io.stdout, `${code} ${message ?? ""}`),
    ]),
    measureWidth(io.stdout),
  );
}
