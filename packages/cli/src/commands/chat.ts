import { AiLibError } from "ai-lib";
import { completeInput, runChatCommand } from "../chat/commands.js";
import { readInputs, writeInputs } from "../chat/input-history.js";
import { LineReader } from "../chat/line-reader.js";
import { ChatSession } from "../chat/session.js";
import { createClient, nameModels } from "../client.js";
import { interruptedError } from "../errors.js";
import { recordCall } from "../history/record.js";
import { type Io, isTerminal, measureWidth, selectColors } from "../io.js";
import { openPrinter } from "../printer.js";
import { Progress } from "../progress.js";
import { readAttachment } from "../prompt/attachments.js";
import { parseRequestOptions } from "../prompt/request-options.js";
import { formatError, formatFooter } from "../report.js";
import { LATEST, readConversation } from "../saved/conversation.js";
import { openTools, type ToolOptions } from "../tools/open-tools.js";
import { keepPartial, runTurn } from "../turn.js";
import { wrapText } from "../wrap-text.js";

/** Options of `ai-lib chat`. */
export interface ChatCommandOptions extends ToolOptions {
  readonly model?: readonly string[];
  readonly system?: string;
  readonly continue?: boolean;
  readonly conversation?: string;
  readonly attach?: readonly string[];
  readonly option?: readonly string[];
  readonly markdown?: boolean;
  readonly raw?: boolean;
  readonly quiet?: boolean;
}

/**
 * Runs a conversation. On a terminal, Ctrl-C stops the running answer, and what was said stays in the conversation;
 * without one it empties the line, and a second Ctrl-C exits.
 * @throws {AiLibError} `CANCELLED` if the process gets an interrupt signal.
 */
export async function chat(io: Io, options: ChatCommandOptions): Promise<void> {
  const color = selectColors(io, io.stdout);
  let running: AbortController | undefined;
  let warned = false;
  const reader = new LineReader(io, {
    history: await readInputs(io.environment),
    complete: (line) => completeInput(io, line),
    onInterrupt() {
      if (running !== undefined) running.abort();
      else if (reader.current !== "") {
        io.stdout.write("^C\n");
        reader.clear();
        reader.refresh();
      } else if (warned) reader.close();
      else {
        warned = true;
        io.stdout.write("\n(press Ctrl-C again to exit; Ctrl-D and /exit also exit)\n");
        reader.refresh();
      }
    },
  });
  // On a terminal Ctrl-C arrives as a key, handled above; this signal comes from another process.
  const stop = () => {
    running?.abort();
    reader.close();
  };
  io.signal.addEventListener("abort", stop);
  let session: ChatSession | undefined;
  try {
    session = await openSession(io, reader, options);
    if (isTerminal(io.stdin))
      io.stdout.write(
        `${color.dim(wrapText(`${nameModels(session.client)}: /help lists commands, Ctrl-D exits`, measureWidth(io.stdout)))}\n`,
      );
    const prompt = isTerminal(io.stdin) ? color.cyan("you> ") : "";
    for (;;) {
      const input = (await reader.read(prompt))?.trim();
      if (input === undefined || io.signal.aborted) break;
      warned = false;
      const asked = await interpret(io, session, reader, input);
      if (asked === "exit") break;
      if (asked === "read") continue;
      running = new AbortController();
      await answer(io, session, asked.prompt, running.signal, options);
      running = undefined;
      if (io.signal.aborted) break;
    }
  } finally {
    io.signal.removeEventListener("abort", stop);
    reader.close();
    await session?.tools?.close();
    await session?.client.close();
    if (isTerminal(io.stdin)) await writeInputs(io.environment, reader.history);
  }
  if (io.signal.aborted) throw interruptedError();
}

async function openSession(io: Io, reader: LineReader, options: ChatCommandOptions): Promise<ChatSession> {
  const name = options.conversation ?? (options.continue === true ? LATEST : undefined);
  const before = name === undefined ? undefined : await readConversation(io.environment, name);
  const tools = await openTools(io, options, (text) => reader.read(text));
  const progress = Progress.create(io, options.quiet);
  const client = await createClient(io, {
    model: options.model ?? (before === undefined ? undefined : [before.model]),
    observers: progress === undefined ? [] : [progress],
  });
  const first = before?.messages[0];
  const kept = first?.role === "system" && typeof first.content === "string" ? first.content : undefined;
  const session = new ChatSession(
    io,
    client,
    options.system ?? kept,
    (before?.messages ?? []).filter(({ role }) => role !== "system"),
    tools,
  );
  session.progress = progress;
  session.name = options.conversation;
  for (const path of options.attach ?? []) session.attached.push(await readAttachment(path));
  return session;
}

/** Finds out what an input asks for: a command is run, anything else is a prompt. */
async function interpret(
  io: Io,
  session: ChatSession,
  reader: LineReader,
  input: string,
): Promise<{ readonly prompt: string } | "read" | "exit"> {
  if (input === "") return "read";
  if (input.startsWith("//")) return { prompt: input.slice(1) };
  if (!input.startsWith("/")) return { prompt: input };
  try {
    const say = (text: string) => io.stdout.write(`${wrapText(text, measureWidth(io.stdout))}\n`);
    return await runChatCommand({ io, session, reader, say }, input);
  } catch (error) {
    if (!AiLibError.is(error)) throw error;
    io.stderr.write(`${formatError(io, error)}\n`);
    return "read";
  }
}

/**
 * Asks for the answer to a prompt and prints it. A call that fails leaves the conversation as it was, so that it can be
 * asked again; one that was stopped keeps what was said.
 */
async function answer(
  io: Io,
  session: ChatSession,
  prompt: string,
  signal: AbortSignal,
  options: ChatCommandOptions,
): Promise<void> {
  const messages = session.ask(prompt);
  const request = { ...parseRequestOptions(options.option ?? []), messages };
  const printer = openPrinter(io, options);
  const { progress } = session;
  try {
    progress?.begin();
    let cost: number | undefined;
    let said = messages;
    const response = await recordCall(io, "chat", request, async () => {
      const turn = await runTurn(io, session.client, request, {
        printer,
        signal,
        tools: session.tools,
      });
      cost = turn.cost;
      said = [...turn.messages];
      return turn.response;
    });
    if (options.quiet !== true) io.stderr.write(`${formatFooter(io, response)}\n`);
    await session.accept(said, { response, cost });
  } catch (error) {
    if (!AiLibError.is(error)) throw error;
    const stopped = error.code === "CANCELLED";
    const kept = stopped ? keepPartial(messages, error) : undefined;
    if (kept !== undefined) await session.accept(kept);
    io.stderr.write(stopped ? "stopped\n" : `${formatError(io, error)}\n`);
  } finally {
    progress?.stop();
  }
}
