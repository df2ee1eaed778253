import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ProviderFactory } from "ai-lib";
import {
  conformingAnswer,
  type Fault,
  type SimulatedAttempt,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "ai-lib/testing";

/** Providers that the examples ask. */
const ASKED = ["anthropic", "google", "groq", "openai", "together"];

const DOWN: Fault = { status: 503 };

/** What goes wrong while an example runs, so that there is something to see. */
const FAULTS: Readonly<Record<string, (simulator: Simulator) => void>> = {
  "09-failover": (simulator) => {
    simulator.always("groq", DOWN);
    simulator.script("anthropic", [undefined, { reset: 4 }]);
  },
  "28-voices": (simulator) => simulator.script("openai", [undefined, DOWN]),
  "11-nested-strategies": (simulator) => simulator.always("groq", DOWN),
  "12-hedging": (simulator) => simulator.always("openai", { firstFrameDelayMs: 30_000 }),
  "13-health-aware-routing": (simulator) => simulator.always("groq", { status: 500 }),
  "15-observation": (simulator) =>
    simulator.always("groq", { status: 429, headers: { "retry-after": "60" } }),
  "18-your-own-in-the-stack": (simulator) => {
    simulator.always("labs", DOWN);
    simulator.always("groq", DOWN);
    simulator.always("openai", DOWN);
  },
};

/** Simulators with other answers than a repetition of the prompt. */
const OPTIONS: Readonly<Record<string, SimulatorOptions>> = {
  "22-resumable-chat": { frameDelayMs: 30 },
  "19-conformance": { answer: conformingAnswer },
};

/** How an example ended. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The chats that were asked for, each as the endpoint it was sent to. */
  readonly asked: readonly string[];
  /** The same, as they were sent. */
  readonly sent: readonly SimulatedAttempt[];
}

/**
 * Runs one compiled example as a process of its own, unchanged, with only its environment changed, which points to a
 * simulator in place of the vendors.
 * @param folder where the compiled examples are
 * @param name the example's file without its ending
 */
export async function runSimulated(folder: URL, name: string): Promise<Outcome> {
  const simulator = await startSimulator(OPTIONS[name]);
  try {
    FAULTS[name]?.(simulator);
    const ended = await run(fileURLToPath(new URL(`${name}.js`, folder)), environmentFor(simulator));
    const { attempts } = simulator;
    return { ...ended, asked: attempts.map(({ endpoint }) => endpoint), sent: attempts };
  } finally {
    await simulator.close();
  }
}

/** The variables by which every provider of the examples is found at a simulator. */
function environmentFor(simulator: Simulator): Record<string, string> {
  const environment: Record<string, string> = {
    LABS_BASE_URL: `${simulator.baseUrl("labs")}/v1`,
    LABS_API_KEY: "simulated",
  };
  for (const id of ASKED) {
    const { dialect, baseUrl } = ProviderFactory.data(id);
    const prefix = id.toUpperCase();
    environment[`${prefix}_API_KEY`] = "simulated";
    environment[`${prefix}_BASE_URL`] = simulator.baseUrl(id, dialect) + new URL(baseUrl).pathname;
  }
  return environment;
}

function run(
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<Pick<Outcome, "exitCode" | "stdout" | "stderr">> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60_000,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
