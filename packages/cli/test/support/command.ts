import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type Simulator, type SimulatorOptions, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { Io } from "../../src/io.js";
import { run } from "../../src/program.js";

/** The key of every simulated provider. No command may print it. */
export const KEY = "sk-test-0123456789abcdefghij";
/** An address on which no server listens. */
export const NOWHERE = "http://127.0.0.1:9";
/** The start of a colour's control sequence. */
export const ESCAPE = "\u001b[";

/** What a command printed, and its exit code. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the streams of a command differ from the usual: empty standard input, and no terminal. */
export interface Streams {
  /** The text of standard input; `"terminal"` for a terminal without input. */
  readonly stdin?: string | Buffer | "terminal";
  /** Output streams that are terminals. */
  readonly terminal?: readonly ("stdout" | "stderr")[];
  readonly signal?: AbortSignal;
}

/** Where commands of a test file run: with a simulator, and for each test a new home folder and environment. */
export interface Stage {
  readonly simulator: Simulator;
  /** A temporary folder, removed after the tests. */
  readonly folder: string;
  /** Variables of the commands; a test may change them. At first, `openai` is configured and local servers are down. */
  environment: Record<string, string>;
}

/** Prepares a stage for the tests of a file. */
export function prepareStage(options?: SimulatorOptions): Stage {
  const stage = {} as { -readonly [field in keyof Stage]: Stage[field] };
  beforeAll(async () => {
    stage.folder = await mkdtemp(join(tmpdir(), "ai-lib-cli-"));
    stage.simulator = await startSimulator(options);
  });
  beforeEach(async () => {
    stage.simulator.attempts.length = 0;
    stage.environment = {
      HOME: await mkdtemp(join(stage.folder, "home-")),
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: `${stage.simulator.baseUrl("openai")}/v1`,
      OPENAI_MODEL: "gpt-sim",
      OPENAI_RESPONSES_BASE_URL: `${stage.simulator.baseUrl("responses")}/v1`,
      OLLAMA_BASE_URL: NOWHERE,
      LMSTUDIO_BASE_URL: NOWHERE,
      LLAMACPP_BASE_URL: NOWHERE,
    };
  });
  afterAll(async () => {
    await stage.simulator.close();
    await rm(stage.folder, { recursive: true, force: true });
  });
  return stage;
}

/** Configures the provider `anthropic` as well. */
export function addAnthropic({ environment, simulator }: Stage): void {
  environment["ANTHROPIC_API_KEY"] = KEY;
  environment["ANTHROPIC_BASE_URL"] = simulator.baseUrl("anthropic");
}

/** Runs a command within this process, and checks that it does not print the key. */
export async function runCommand(
  { environment }: Pick<Stage, "environment">,
  args: readonly string[],
  streams: Streams = {},
): Promise<Ended> {
  const tty = { isTTY: true, columns: 200 };
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  for (const name of streams.terminal ?? []) Object.assign(name === "stdout" ? stdout : stderr, tty);
  const printed = Promise.all([text(stdout), text(stderr)]);
  const io: Io = {
    stdin:
      streams.stdin === "terminal"
        ? Object.assign(new PassThrough(), tty)
        : Readable.from(streams.stdin === undefined ? [] : [streams.stdin]),
    stdout,
    stderr,
    environment,
    signal: streams.signal ?? new AbortController().signal,
  };
  const code = await run(io, args);
  stdout.end();
  stderr.end();
  const [out, err] = await printed;
  expect(out + err).not.toContain(KEY);
  return { code, stdout: out, stderr: err };
}

/** The requests that the simulator received, oldest first. */
export function readRequests({ simulator }: Stage) {
  return simulator.attempts.map(({ request, mode, endpoint }) => ({ ...request, mode, endpoint }));
}
