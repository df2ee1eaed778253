import { type AiClient, AiLibError, type ChatRequest, type ChatResponse } from "ai-lib";
import { type Io, isTerminal } from "./io.js";
import { tryParse } from "./json.js";
import { openPrinter } from "./printer.js";
import { formatAttempts, formatFooter } from "./report.js";
import { foreignText } from "./terminal.js";
import { runTurn, type Turn, type TurnTools } from "./turn.js";

/** How an answer is printed. */
export interface AnswerOptions {
  readonly json?: boolean;
  readonly stream?: boolean;
  readonly quiet?: boolean;
  readonly trace?: boolean;
  /** Leaves control sequences in the answer that goes to a terminal. */
  readonly raw?: boolean;
  /** False: prints Markdown as it is. */
  readonly markdown?: boolean;
}

/** Asks, prints the answer as it arrives, and prints the details after it. */
export async function printAnswer(
  io: Io,
  client: AiClient,
  request: ChatRequest,
  options: AnswerOptions & { readonly turnTools: TurnTools | undefined },
): Promise<Turn> {
  const { turnTools: tools } = options;
  const { signal } = io;
  const whole = options.json === true || options.stream === false || request.responseFormat !== undefined;
  const printer = openPrinter(io, options.json === true ? { ...options, markdown: false } : options);
  const turn = await runTurn(io, client, request, { printer: whole ? undefined : printer, signal, tools });
  const { response } = turn;
  if (whole) {
    const text = options.json === true ? JSON.stringify(response, null, 2) : wholeText(response, request);
    await printer.print(`${text}\n`);
    await printer.end();
  }
  if (options.json !== true) printDetails(io, response, options);
  return turn;
}

/**
 * The text of an answer; of one with a schema its JSON, indented.
 * @throws {AiLibError} `INVALID_RESPONSE` if an answer with a schema is no JSON.
 */
function wholeText(response: ChatResponse, { responseFormat }: ChatRequest): string {
  if (responseFormat?.type !== "json-schema") return response.text;
  const value = tryParse(response.text);
  if (value !== undefined) return JSON.stringify(value, null, 2);
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The answer is no JSON: ${response.text.slice(0, 200)}`,
    partial: response,
  });
}

function printDetails(io: Io, response: ChatResponse, options: AnswerOptions): void {
  for (const warning of response.warnings)
    io.stderr.write(`warning: ${foreignText(io.stderr, warning.message)}\n`);
  if (options.quiet === true) return;
  if (options.trace === true || response.attempts.length > 1)
    io.stderr.write(`${formatAttempts(io, response.attempts)}\n`);
  if (options.trace === true || isTerminal(io.stderr)) io.stderr.write(`${formatFooter(io, response)}\n`);
}
