import { once } from "node:events";
import { type SimulatedAttempt, startSimulator } from "ai-lib/testing";
import { usageError } from "../errors.js";
import type { Io } from "../io.js";
import { parseWholeNumber } from "../option-values.js";
import { FAULT_HELP, parseFault } from "../simulated-faults.js";

/** Options of the command, as texts. */
export interface SimulateOptions {
  readonly port?: string;
  readonly delay?: string;
  /** What the requests do, in turn and again from the start; see {@link parseFault}. */
  readonly fail?: readonly string[];
}

/** What the log says of a request. */
type Logged = Pick<
  SimulatedAttempt,
  "endpoint" | "dialect" | "mode" | "frames" | "outcome" | "startedAt" | "endedAt"
> & { readonly kind: string; readonly fault: object | undefined };

/**
 * Runs the simulator until the command is interrupted, and logs each request that has ended.
 * @throws {AiLibError} `CONFIG_ERROR` if the port cannot be used or a fault is unknown.
 */
export async function runSimulator(io: Io, options: SimulateOptions): Promise<void> {
  const port = parseWholeNumber("--port", options.port ?? "0");
  const frameDelayMs = parseWholeNumber("--delay", options.delay ?? "0");
  const names = options.fail ?? [];
  if (names.includes("help")) {
    io.stdout.write(`Faults of --fail: ${FAULT_HELP}.\nJoin several with "+", such as 503=2+closes.\n`);
    return;
  }
  const faults = names.map(parseFault);
  let requests = 0;
  const simulator = await startSimulator({
    port,
    frameDelayMs,
    onAttempt: (attempt) => {
      requests++;
      io.stdout.write(`${requests} ${lineOf(attempt)}\n`);
      // What was logged is not needed again: the command may run for days.
      simulator.forget();
    },
  }).catch((error: unknown) => {
    throw usageError(`The simulator cannot use port ${port}: ${(error as Error).message}`);
  });
  simulator.cycle("default", faults);
  io.stdout.write(`The simulator listens on ${simulator.url}\n`);
  io.stdout.write(`  OpenAI dialect     OPENAI_BASE_URL=${simulator.url}/v1\n`);
  io.stdout.write(`  Anthropic dialect  ANTHROPIC_BASE_URL=${simulator.url}\n`);
  io.stdout.write(`  Gemini dialect     GOOGLE_BASE_URL=${simulator.url}/v1beta\n`);
  if (names.length > 0) io.stdout.write(`Requests go in turn: ${names.join(", ")}\n`);
  io.stdout.write("Any key works. Press Ctrl-C to stop.\n");
  if (!io.signal.aborted) await once(io.signal, "abort");
  await simulator.close();
}

function lineOf(attempt: Logged): string {
  const { endpoint, dialect, kind, mode, frames, outcome, startedAt, endedAt } = attempt;
  const at = endpoint === "default" ? "" : `@${endpoint} `;
  const fault = attempt.fault === undefined ? "" : `${JSON.stringify(attempt.fault)} `;
  const sent = mode === "stream" ? `, ${frames} frames` : "";
  return `${at}${dialect} ${kind} ${mode} ${fault}${outcome}${sent}, ${Math.round((endedAt ?? startedAt) - startedAt)} ms`;
}
