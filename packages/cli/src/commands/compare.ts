import { type AiClient, AiLibError, type ChatRequest, type ChatResponse } from "ai-lib";
import { createClient } from "../client.js";
import { usageError } from "../errors.js";
import { recordCall } from "../history/record.js";
import { type Io, measureWidth, readPipe, selectColors } from "../io.js";
import { compose } from "../prompt/compose.js";
import { formatDollars, formatDuration, formatError } from "../report.js";
import { refuseSecrets } from "../secrets.js";
import { measureSpeed, type Speed } from "../speed.js";
import { formatTable } from "../table.js";
import { foreignText, leaveControls } from "../terminal.js";

/** Options of `ai-lib compare`. */
export interface CompareOptions {
  readonly model?: readonly string[];
  readonly system?: string;
  readonly json?: boolean;
  /** Leaves control sequences in the answers that go to a terminal. */
  readonly raw?: boolean;
  readonly allowSecrets?: boolean;
}

/** The answer or the error of one model. */
type Result = { readonly spec: string } & (
  | { readonly response: ChatResponse; readonly speed: Speed }
  | { readonly error: AiLibError }
);

/**
 * Sends one prompt to several models in parallel. Prints each complete answer, in the order of the options, then a
 * table. An error of one model is shown in place of its answer.
 * @throws {AiLibError} `CONFIG_ERROR` without a prompt or with fewer than two models; the last error if all failed.
 */
export async function compare(given: Io, words: readonly string[], options: CompareOptions): Promise<void> {
  const io = leaveControls(given, options.raw);
  const specs = options.model ?? [];
  if (specs.length < 2)
    throw usageError(
      'Name at least two models: ai-lib compare -m groq -m openai/gpt-6.1 "Why is the sky blue?"',
    );
  const piped = await readPipe(io);
  if (options.allowSecrets !== true) refuseSecrets(piped);
  const { request } = await compose(
    io,
    words,
    piped,
    options.system === undefined ? {} : { system: options.system },
  );
  const running = specs.map(async (spec): Promise<Result> => {
    try {
      return await askModel(io, spec, await createClient(io, { model: [spec] }), request);
    } catch (error) {
      return { spec, error: AiLibError.from(error) };
    }
  });
  const results: Result[] = [];
  for (const each of running) {
    const result = await each;
    results.push(result);
    if (options.json !== true) io.stdout.write(formatResult(io, result));
  }
  if (options.json === true) io.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else io.stdout.write(`${formatComparison(io, results)}\n`);
  const last = results.at(-1);
  if (last !== undefined && "error" in last && results.every((one) => "error" in one)) throw last.error;
}

async function askModel(io: Io, spec: string, client: AiClient, request: ChatRequest): Promise<Result> {
  try {
    const response = await recordCall(io, "compare", request, () =>
      client.stream(request, { signal: io.signal }).response(),
    );
    return { spec, response, speed: measureSpeed(response) };
  } finally {
    await client.close();
  }
}

function formatResult(io: Io, result: Result): string {
  const head = selectColors(io, io.stdout).bold(`== ${result.spec}`);
  const body =
    "error" in result
      ? formatError(io, result.error, io.stdout)
      : foreignText(io.stdout, result.response.text).trimEnd();
  return `${head}\n${body}\n\n`;
}

function formatComparison(io: Io, results: readonly Result[]): string {
  const rows = results.map((result) => {
    if ("error" in result) return [result.spec, "", "", "", "", "", result.error.errorCodeWithSeverity()];
    const { response, speed } = result;
    const about = response.usageStatus === "estimated" ? "~" : "";
    return [
      foreignText(io.stdout, `${response.provider}/${response.model}`),
      speed.totalMs === undefined ? "" : formatDuration(speed.totalMs),
      speed.firstContentMs === undefined ? "" : formatDuration(speed.firstContentMs),
      speed.tokensPerSecond === undefined ? "" : `${about}${speed.tokensPerSecond}`,
      `${about}${response.usage.inputTokens}`,
      `${about}${response.usage.outputTokens}`,
      response.cost === undefined ? "unknown" : formatDollars(response.cost),
    ];
  });
  return formatTable(
    [
      { heading: "model" },
      { heading: "latency", right: true },
      { heading: "first token", right: true },
      { heading: "tokens/s", right: true },
      { heading: "in", right: true },
      { heading: "out", right: true },
      { heading: "cost", right: true },
    ],
    rows,
    measureWidth(io.stdout),
  );
}
