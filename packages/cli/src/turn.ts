import {
  type AiClient,
  AiLibError,
  type AnyRunnableTool,
  type ChatRequest,
  type ChatResponse,
  type Message,
  type ToolRunEvent,
} from "ai-lib";
import { type Io, selectColors } from "./io.js";
import type { Printer } from "./printer.js";
import { foreignText } from "./terminal.js";
import type { Approve } from "./tools/approval.js";

/** Tools that the model may call, and who decides on each call. */
export interface TurnTools {
  readonly tools: readonly AnyRunnableTool[];
  readonly approve: Approve;
  /** Disconnects from the servers of the tools. */
  close(): Promise<void>;
}

/** The answer to a prompt, and what was said until it. */
export interface Turn {
  readonly response: ChatResponse;
  readonly messages: readonly Message[];
  /** US dollars of all rounds, if the prices are known. */
  readonly cost: number | undefined;
}

/** The longest line about a tool, in characters. */
const MAX_NOTE = 200;

/** How a turn is run. */
export interface TurnOptions {
  /** Prints the answer as it arrives; without one, the answer is asked for whole. */
  readonly printer: Printer | undefined;
  readonly signal: AbortSignal;
  readonly tools: TurnTools | undefined;
}

/** Asks, runs the tools that the model calls, and prints the answer as it arrives. */
export async function runTurn(
  io: Io,
  client: AiClient,
  request: ChatRequest,
  { printer, signal, tools }: TurnOptions,
): Promise<Turn> {
  if (tools !== undefined) return runWithTools(io, client, request, printer, signal, tools);
  if (printer === undefined) return turnOf(request, await client.chat(request, { signal }));
  const stream = client.stream(request, { signal });
  try {
    for await (const text of stream.text) await printer.print(text);
  } finally {
    await printer.end();
  }
  return turnOf(request, await stream.response());
}

function turnOf({ messages }: ChatRequest, response: ChatResponse): Turn {
  return { response, messages: [...messages, response.message], cost: response.cost };
}

async function runWithTools(
  io: Io,
  client: AiClient,
  request: ChatRequest,
  printer: Printer | undefined,
  signal: AbortSignal,
  { tools, approve }: TurnTools,
): Promise<Turn> {
  const run = client.runTools(request, tools, { signal, approve });
  try {
    for await (const event of run) {
      if (event.type === "text-delta") await printer?.print(event.text);
      const line = describeEvent(event);
      if (line !== undefined) await note(io, printer, line);
    }
  } finally {
    await printer?.end();
  }
  const { response, messages, cost } = await run;
  return { response, messages, cost };
}

function describeEvent(event: ToolRunEvent): string | undefined {
  switch (event.type) {
    case "tool-start":
      return `→ ${event.name} ${JSON.stringify(event.input ?? event.arguments)}`;
    case "tool-progress":
      return `  ${event.name}: ${inWords(event.progress)}`;
    case "tool-end":
      return event.result.isError === true ? `  ${event.name}: ${inWords(event.result.content)}` : undefined;
    default:
      return undefined;
  }
}

async function note(io: Io, printer: Printer | undefined, text: string): Promise<void> {
  await printer?.end();
  const line = foreignText(io.stderr, text.length > MAX_NOTE ? `${text.slice(0, MAX_NOTE)}…` : text);
  io.stderr.write(`${selectColors(io, io.stderr).dim(line.replaceAll("\n", " "))}\n`);
}

function inWords(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** What was said before a turn failed or was stopped: the prompt and the beginning of the answer, if there is one. */
export function keepPartial(messages: readonly Message[], error: unknown): readonly Message[] | undefined {
  if (!AiLibError.is(error)) return undefined;
  const partial = error.partial as ChatResponse | undefined;
  if (partial?.text === undefined || partial.text === "") return undefined;
  return [...messages, { role: "assistant", content: partial.text }];
}
