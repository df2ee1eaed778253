import { AiClient, type ChatRequest, type ChatResponse, type Message } from "ai-lib";
import { usageError } from "../errors.js";
import { recordCall } from "../history/record.js";
import { type Io, isTerminal, readPipe } from "../io.js";
import { formatAttempts, formatFooter } from "../report.js";
import { chooseProvider, readSetup } from "../setup.js";
import { Timeline } from "../timeline.js";

/** Options of `ai-lib ask`. */
export interface AskOptions {
  readonly model?: string;
  readonly system?: string;
  readonly json?: boolean;
  readonly stream?: boolean;
  readonly quiet?: boolean;
  readonly trace?: boolean;
}

/** Answers one prompt: the words of the command line, then standard input, joined by an empty line. */
export async function ask(io: Io, words: readonly string[], options: AskOptions): Promise<void> {
  const prompt = await readPrompt(io, words);
  if (prompt === "")
    throw usageError('There is no prompt. Try: ai-lib "Why is the sky blue?", or ai-lib --help');
  const provider = await chooseProvider(await readSetup(io), options.model);
  const timeline = options.trace === true ? new Timeline() : undefined;
  const client = new AiClient(provider, timeline === undefined ? {} : { observer: timeline });
  const request = buildRequest(prompt, options.system);
  try {
    await recordCall(io, "ask", request, () => printAnswer(io, client, request, options));
  } finally {
    if (timeline !== undefined) io.stderr.write(timeline.format(io));
    await client.close();
  }
}

/** Reads a prompt from the words of the command line and from standard input; `""` if both are empty. */
export async function readPrompt(io: Io, words: readonly string[]): Promise<string> {
  return [words.join(" "), await readPipe(io)].filter((text) => text !== "").join("\n\n");
}

/** Builds the request for a prompt, below a system prompt if there is one. */
export function buildRequest(prompt: string, system: string | undefined): ChatRequest {
  const messages: Message[] = system === undefined ? [] : [{ role: "system", content: system }];
  return { messages: [...messages, { role: "user", content: prompt }] };
}

/** Asks, prints the answer as it arrives, and prints the details after it. */
async function printAnswer(
  io: Io,
  client: AiClient,
  request: ChatRequest,
  options: AskOptions,
): Promise<ChatResponse> {
  const { signal } = io;
  if (options.json === true || options.stream === false) {
    const response = await client.chat(request, { signal });
    io.stdout.write(options.json === true ? `${JSON.stringify(response, null, 2)}\n` : `${response.text}\n`);
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

function printDetails(io: Io, response: ChatResponse, options: AskOptions): void {
  for (const warning of response.warnings) io.stderr.write(`warning: ${warning.message}\n`);
  if (options.quiet === true) return;
  if (options.trace === true || response.attempts.length > 1)
    io.stderr.write(`${formatAttempts(io, response.attempts)}\n`);
  if (options.trace === true || isTerminal(io.stderr)) io.stderr.write(`${formatFooter(io, response)}\n`);
}
