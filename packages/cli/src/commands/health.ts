import { AiLibError, systemClock } from "ai-lib";
import { provider } from "ai-lib/providers";
import { colorsFor, type Io, widthOf } from "../io.js";
import { duration, formatTarget } from "../report.js";
import { configuredProviders, readSetup, type Setup } from "../setup.js";
import { table } from "../table.js";

/** How one target is doing. */
interface TargetHealth {
  readonly target: string;
  /** `unknown` where the endpoint has nothing that can be asked without using tokens. */
  readonly state: "healthy" | "unhealthy" | "unknown";
  readonly latencyMs: number;
  /** `errorCodeWithSeverity()` */
  readonly code?: string;
  readonly message?: string;
}

/** Milliseconds that a target has to answer. */
const CHECK_MS = 10_000;

/**
 * Shows which targets answer, with the keys in use and without using tokens.
 * @throws {AiLibError} `PROVIDER_ERROR` where one does not, so that scripts can tell by the exit code.
 */
export async function health(
  io: Io,
  targets: readonly string[],
  options: { readonly json?: boolean },
): Promise<void> {
  const setup = await readSetup(io);
  const specs = targets.length > 0 ? targets : configuredProviders(setup);
  if (specs.length === 0)
    io.stderr.write(
      "No provider is configured; name one (ai-lib health ollama) or see `ai-lib providers`.\n",
    );
  const found = await Promise.all(specs.map((spec) => check(io, setup, spec)));
  if (options.json === true) io.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else if (found.length > 0) io.stdout.write(`${tableOf(io, found)}\n`);
  const down = found.filter(({ state }) => state === "unhealthy").length;
  if (down > 0)
    throw new AiLibError({
      code: "PROVIDER_ERROR",
      message: `${down} of ${found.length} targets ${down === 1 ? "does" : "do"} not answer as they should`,
    });
}

async function check(io: Io, { environment, factory }: Setup, spec: string): Promise<TargetHealth> {
  const begun = systemClock.now();
  let target = spec;
  const told = (state: TargetHealth["state"], error?: AiLibError): TargetHealth => ({
    target,
    state,
    latencyMs: Math.round(systemClock.now() - begun),
    ...(error === undefined ? {} : { code: error.errorCodeWithSeverity(), message: error.message }),
  });
  try {
    const asked = provider(spec, { environment }, factory);
    target = formatTarget(asked.target);
    await asked.checkHealth({ signal: io.signal, timeouts: { totalMs: CHECK_MS } });
    return told("healthy");
  } catch (error) {
    const failure = AiLibError.from(error);
    return told(failure.code === "UNSUPPORTED_FEATURE" ? "unknown" : "unhealthy", failure);
  }
}

function tableOf(io: Io, found: readonly TargetHealth[]): string {
  const color = colorsFor(io, io.stdout);
  const paint = { healthy: color.green, unhealthy: color.red, unknown: color.yellow };
  return table(
    [{ heading: "target" }, { heading: "state" }, { heading: "latency", right: true }, { heading: "why" }],
    found.map(({ target, state, latencyMs, code, message }) => [
      target,
      paint[state](state),
      duration(latencyMs),
      code === undefined ? "" : `${code} ${message ?? ""}`,
    ]),
    widthOf(io.stdout),
  );
}
