import { type AiClient, AiLibError, type ChatRequest, type ChatResponse } from "ai-lib";
import { type Io, isTerminal } from "./io.js";
import { tryParse } from "./json.js";
import { openPrinter, type Printer } from "./printer.js";
import { formatAttempts, formatFooter } from "./report.js";
import { foreignText } from "./terminal.js";

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
  options: AnswerOptions,
): Promise<ChatResponse> {
  const { signal } = io;
  if (options.json === true || options.stream === false || request.responseFormat !== undefined) {
    const response = await client.chat(request, { signal });
    const text = options.json === true ? JSON.stringify(response, null, 2) : wholeText(response, request);
    const printer = openPrinter(io, options.json === true ? { ...options, markdown: false } : options);
    await printer.print(`${text}\n`);
    await printer.end();
    if (options.json !== true) printDetails(io, response, options);
    return response;
  }
  const stream = client.stream(request, { signal });
  await printStream(openPrinter(io, options), stream.text);
  const response = await stream.response();
  printDetails(io, response, options);
  return response;
}

/** Prints the pieces of an answer; what follows, an error too, starts on a new line. */
export async function printStream(printer: Printer, pieces: AsyncIterable<string>): Promise<void> {
  try {
    for await (const text of pieces) await printer.print(text);
  } finally {
    await printer.end();
  }
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
