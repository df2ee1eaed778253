import { AiClient, type ChatRequest, type ChatResponse, type Message } from "ai-lib";
import { configError } from "../errors.js";
import { kept } from "../history.js";
import { type Io, isTerminal, readPiped } from "../io.js";
import { footer, trail } from "../report.js";
import { chooseProvider, readSetup } from "../setup.js";
import { Timeline } from "../timeline.js";

/** Options of a prompt. */
export interface AskOptions {
  readonly model?: string;
  readonly system?: string;
  readonly json?: boolean;
  readonly stream?: boolean;
  readonly quiet?: boolean;
  readonly trace?: boolean;
}

/** Answers one prompt: words of the command line, standard input, or both. */
export async function ask(io: Io, words: readonly string[], options: AskOptions): Promise<void> {
  const piped = await readPiped(io);
  const prompt = [words.join(" "), piped].filter((text) => text !== "").join("\n\n");
  if (prompt === "")
    throw configError('There is no prompt. Try: ai-lib "Why is the sky blue?", or ai-lib --help');
  const provider = await chooseProvider(await readSetup(io), options.model);
  const timeline = options.trace === true ? new Timeline() : undefined;
  const client = new AiClient(provider, timeline === undefined ? {} : { observer: timeline });
  const request = promptRequest(prompt, options.system);
  try {
    await kept(io, "ask", request, () => answer(io, client, request, options));
  } finally {
    if (timeline !== undefined) io.stderr.write(timeline.show(io));
    await client.close();
  }
}

/** A prompt, below instructions where there are some. */
export function promptRequest(prompt: string, system: string | undefined): ChatRequest {
  const messages: Message[] = system === undefined ? [] : [{ role: "system", content: system }];
  return { messages: [...messages, { role: "user", content: prompt }] };
}

/** Prints one answer as it comes, and what it took below it. */
export async function answer(
  io: Io,
  client: AiClient,
  request: ChatRequest,
  options: AskOptions,
): Promise<ChatResponse> {
  const { signal } = io;
  if (options.json === true || options.stream === false) {
    const response = await client.chat(request, { signal });
    io.stdout.write(options.json === true ? `${JSON.stringify(response, null, 2)}\n` : `${response.text}\n`);
    if (options.json !== true) tell(io, response, options);
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
    // What is told of the failure begins a line of its own.
    if (last !== "" && !last.endsWith("\n")) io.stdout.write("\n");
    throw error;
  }
  if (!last.endsWith("\n")) io.stdout.write("\n");
  const response = await stream.response();
  tell(io, response, options);
  return response;
}

function tell(io: Io, response: ChatResponse, options: AskOptions): void {
  for (const warning of response.warnings) io.stderr.write(`warning: ${warning.message}\n`);
  if (options.quiet === true) return;
  if (options.trace === true || response.attempts.length > 1)
    io.stderr.write(`${trail(io, response.attempts)}\n`);
  if (options.trace === true || isTerminal(io.stderr)) io.stderr.write(`${footer(io, response)}\n`);
}
