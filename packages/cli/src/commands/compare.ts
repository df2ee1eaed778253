import { AiClient, AiLibError, type ChatRequest, type ChatResponse } from "ai-lib";
import { configError } from "../errors.js";
import { kept } from "../history.js";
import { colorsFor, type Io, readPiped, widthOf } from "../io.js";
import { dollars, duration, errorReport, type Speed, speedOf } from "../report.js";
import { chooseProvider, readSetup } from "../setup.js";
import { table } from "../table.js";
import { promptRequest } from "./ask.js";

/** Options of `ai-lib compare`. */
export interface CompareOptions {
  readonly model?: readonly string[];
  readonly system?: string;
  readonly json?: boolean;
}

/** What one model made of the question. */
type Result = { readonly spec: string } & (
  | { readonly response: ChatResponse; readonly speed: Speed }
  | { readonly error: AiLibError }
);

/**
 * Asks several models the same at once; prints each answer when it is whole, in the order in which they were named,
 * then a table. One that fails does not hide the others.
 * @throws {AiLibError} `CONFIG_ERROR` for no prompt or fewer than two models; the last error where none answered.
 */
export async function compare(io: Io, words: readonly string[], options: CompareOptions): Promise<void> {
  const specs = options.model ?? [];
  if (specs.length < 2)
    throw configError(
      'Name at least two models: ai-lib compare -m groq -m openai/gpt-6.1 "Why is the sky blue?"',
    );
  const prompt = [words.join(" "), await readPiped(io)].filter((text) => text !== "").join("\n\n");
  if (prompt === "") throw configError("There is no prompt to compare models by");
  const request = promptRequest(prompt, options.system);
  const setup = await readSetup(io);
  const running = specs.map(async (spec): Promise<Result> => {
    try {
      return await asked(io, spec, new AiClient(await chooseProvider(setup, spec)), request);
    } catch (error) {
      return { spec, error: AiLibError.from(error) };
    }
  });
  const results: Result[] = [];
  for (const each of running) {
    const result = await each;
    results.push(result);
    if (options.json !== true) io.stdout.write(section(io, result));
  }
  if (options.json === true) io.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else io.stdout.write(`${tableOf(io, results)}\n`);
  const last = results.at(-1);
  if (last !== undefined && "error" in last && results.every((one) => "error" in one)) throw last.error;
}

async function asked(io: Io, spec: string, client: AiClient, request: ChatRequest): Promise<Result> {
  try {
    const response = await kept(io, "compare", request, () =>
      client.stream(request, { signal: io.signal }).response(),
    );
    return { spec, response, speed: speedOf(response) };
  } finally {
    await client.close();
  }
}

function section(io: Io, result: Result): string {
  const head = colorsFor(io, io.stdout).bold(`== ${result.spec}`);
  return `${head}\n${"error" in result ? errorReport(io, result.error, io.stdout) : result.response.text.trimEnd()}\n\n`;
}

function tableOf(io: Io, results: readonly Result[]): string {
  const rows = results.map((result) => {
    if ("error" in result) return [result.spec, "", "", "", "", "", result.error.errorCodeWithSeverity()];
    const { response, speed } = result;
    const about = response.usageStatus === "estimated" ? "~" : "";
    return [
      `${response.provider}/${response.model}`,
      speed.totalMs === undefined ? "" : duration(speed.totalMs),
      speed.firstContentMs === undefined ? "" : duration(speed.firstContentMs),
      speed.tokensPerSecond === undefined ? "" : `${about}${speed.tokensPerSecond}`,
      `${about}${response.usage.inputTokens}`,
      `${about}${response.usage.outputTokens}`,
      response.cost === undefined ? "unknown" : dollars(response.cost),
    ];
  });
  return table(
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
    widthOf(io.stdout),
  );
}
