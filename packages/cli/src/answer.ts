import { type AiClient, AiLibError, type ChatRequest, type ChatResponse } from "ai-lib";
import { type Io, isTerminal } from "./io.js";
import { tryParse } from "./json.js";
import { formatAttempts, formatFooter } from "./report.js";

/** How an answer is printed. */
export interface AnswerOptions {
  readonly json?: boolean;
  readonly stream?: boolean;
  readonly quiet?: boolean;
  readonly trace?: boolean;
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
    io.stdout.write(
      `${options.json === true ? JSON.stringify(response, null, 2) : wholeText(response, request)}\n`,
    );
    if (options.json !== true) printDetails(io, response, options);
    return response;
  }
  const stream = client.stream(request, { signal });
  let last = "";
  try {
    for await (const text of stream.text) {
      io.stdout.write(text);
      last = text;
    }
  } catch (error) {
    // The error message starts on a new line.
    if (last !== "" && !last.endsWith("\n")) io.stdout.write("\n");
    throw error;
  }
  if (!last.endsWith("\n")) io.stdout.write("\n");
  const response = await stream.response();
  printDetails(io, response, options);
  return response;
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
  for (const warning of response.warnings) io.stderr.write(`warning: ${warning.message}\n`);
  if (options.quiet === true) return;
  if (options.trace === true || response.attempts.length > 1)
    io.stderr.write(`${formatAttempts(io, response.attempts)}\n`);
  if (options.trace === true || isTerminal(io.stderr)) io.stderr.write(`${formatFooter(io, response)}\n`);
}
