import { createInterface } from "node:readline";
import { type AiClient, AiLibError, type Message } from "ai-lib";
import { createClient } from "../client.js";
import { interruptedError } from "../errors.js";
import { recordCall } from "../history/record.js";
import { type Io, isTerminal, selectColors } from "../io.js";
import { formatError, formatFooter } from "../report.js";
import { rawTerminal } from "../terminal.js";

/** Options of `ai-lib chat`. */
export interface ChatCommandOptions {
  readonly model?: readonly string[];
  readonly system?: string;
  readonly quiet?: boolean;
}

const HELP = "/new starts a new conversation, /exit or Ctrl-D exits, Ctrl-C stops an answer";

/**
 * Runs a conversation, one line of standard input per turn. On a terminal, Ctrl-C stops the running answer; without
 * one it exits after a second Ctrl-C.
 * @throws {AiLibError} `CANCELLED` if the process gets an interrupt signal.
 */
export async function chat(io: Io, options: ChatCommandOptions): Promise<void> {
  const client = await createClient(io, { model: options.model });
  const color = selectColors(io, io.stdout);
  const system: Message[] = options.system === undefined ? [] : [{ role: "system", content: options.system }];
  let messages: Message[] = [...system];
  let running: AbortController | undefined;
  const terminal = isTerminal(io.stdin);
  const lines = createInterface({
    input: io.stdin,
    output: rawTerminal(io.stdout),
    terminal,
    prompt: terminal ? color.cyan("you> ") : "",
  });
  let warned = false;
  lines.on("SIGINT", () => {
    if (running !== undefined) running.abort();
    else if (warned) lines.close();
    else {
      warned = true;
      io.stdout.write("\n(press Ctrl-C again to exit; Ctrl-D and /exit also exit)\n");
      lines.prompt();
    }
  });
  // On a terminal Ctrl-C arrives as a key, handled above; this signal comes from another process.
  const stop = () => {
    running?.abort();
    lines.close();
  };
  io.signal.addEventListener("abort", stop);
  if (terminal) io.stdout.write(`${color.dim(`${client.name}: ${HELP}`)}\n`);
  lines.prompt();
  for await (const line of lines) {
    if (io.signal.aborted) break;
    const input = line.trim();
    warned = false;
    if (input === "/exit") break;
    if (input === "/new") messages = [...system];
    else if (input === "/help") io.stdout.write(`${HELP}\n`);
    else if (input !== "") {
      running = new AbortController();
      const asked: Message[] = [...messages, { role: "user", content: input }];
      messages = await runTurn(io, client, asked, running.signal, options);
      running = undefined;
    }
    if (io.signal.aborted) break;
    lines.prompt();
  }
  io.signal.removeEventListener("abort", stop);
  lines.close();
  await client.close();
  if (io.signal.aborted) throw interruptedError();
}

/**
 * Asks for the answer to the last message and prints it.
 * @returns the messages with the answer; without the last message if the call failed, so that it can be asked again
 */
async function runTurn(
  io: Io,
  client: AiClient,
  messages: readonly Message[],
  signal: AbortSignal,
  options: ChatCommandOptions,
): Promise<Message[]> {
  try {
    const response = await recordCall(io, "chat", { messages }, async () => {
      const stream = client.stream({ messages }, { signal });
      for await (const text of stream.text) io.stdout.write(text);
      io.stdout.write("\n");
      return stream.response();
    });
    if (options.quiet !== true) io.stderr.write(`${formatFooter(io, response)}\n`);
    return [...messages, response.message];
  } catch (error) {
    io.stdout.write("\n");
    if (!AiLibError.is(error)) throw error;
    io.stderr.write(error.code === "CANCELLED" ? "stopped\n" : `${formatError(io, error)}\n`);
    return messages.slice(0, -1);
  }
}
