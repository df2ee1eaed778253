import { createInterface } from "node:readline";
import { AiClient, AiLibError, type Message } from "ai-lib";
import { cancelled } from "../errors.js";
import { kept } from "../history.js";
import { colorsFor, type Io, isTerminal } from "../io.js";
import { errorReport, footer } from "../report.js";
import { chooseProvider, readSetup } from "../setup.js";

/** Options of a conversation. */
export interface ChatCommandOptions {
  readonly model?: string;
  readonly system?: string;
  readonly quiet?: boolean;
}

const HELP = "/new begins anew, /exit or Ctrl-D leaves, Ctrl-C stops an answer";

/**
 * A conversation. On a terminal Ctrl-C stops the answer and not the program; with no answer running it leaves.
 * @throws {AiLibError} `CANCELLED` where the program is interrupted from without.
 */
export async function chat(io: Io, options: ChatCommandOptions): Promise<void> {
  const client = new AiClient(await chooseProvider(await readSetup(io), options.model));
  const color = colorsFor(io, io.stdout);
  const system: Message[] = options.system === undefined ? [] : [{ role: "system", content: options.system }];
  let history: Message[] = [...system];
  let running: AbortController | undefined;
  const terminal = isTerminal(io.stdin);
  const lines = createInterface({
    input: io.stdin,
    output: io.stdout,
    terminal,
    prompt: terminal ? color.cyan("you> ") : "",
  });
  let asked = false;
  lines.on("SIGINT", () => {
    if (running !== undefined) running.abort();
    else if (asked) lines.close();
    else {
      asked = true;
      io.stdout.write("\n(Ctrl-C again, Ctrl-D or /exit leaves)\n");
      lines.prompt();
    }
  });
  // A terminal's own Ctrl-C comes as a key and is handled above; this is a signal from elsewhere.
  const leave = () => {
    running?.abort();
    lines.close();
  };
  io.signal.addEventListener("abort", leave);
  if (terminal) io.stdout.write(`${color.dim(`${client.name}: ${HELP}`)}\n`);
  lines.prompt();
  for await (const line of lines) {
    if (io.signal.aborted) break;
    const said = line.trim();
    asked = false;
    if (said === "/exit") break;
    if (said === "/new") history = [...system];
    else if (said === "/help") io.stdout.write(`${HELP}\n`);
    else if (said !== "") {
      running = new AbortController();
      history = await turn(
        io,
        client,
        [...history, { role: "user", content: said }],
        running.signal,
        options,
      );
      running = undefined;
    }
    if (io.signal.aborted) break;
    lines.prompt();
  }
  io.signal.removeEventListener("abort", leave);
  lines.close();
  await client.close();
  if (io.signal.aborted) throw cancelled();
}

/** One turn; the history afterwards. A turn that failed is taken back, so that it can be asked again. */
async function turn(
  io: Io,
  client: AiClient,
  messages: readonly Message[],
  signal: AbortSignal,
  options: ChatCommandOptions,
): Promise<Message[]> {
  try {
    const response = await kept(io, "chat", { messages }, async () => {
      const stream = client.stream({ messages }, { signal });
      for await (const text of stream.text) io.stdout.write(text);
      io.stdout.write("\n");
      return stream.response();
    });
    if (options.quiet !== true) io.stderr.write(`${footer(io, response)}\n`);
    return [...messages, response.message];
  } catch (error) {
    io.stdout.write("\n");
    if (!AiLibError.is(error)) throw error;
    io.stderr.write(error.code === "CANCELLED" ? "stopped\n" : `${errorReport(io, error)}\n`);
    return messages.slice(0, -1);
  }
}
