import { AiLibError, type ChatResponse, type Message, systemClock } from "ai-lib";
import { type AnswerOptions, printAnswer } from "../answer.js";
import { createClient } from "../client.js";
import { DryRun } from "../dry-run.js";
import { recordCall } from "../history/record.js";
import { type Io, readPipe } from "../io.js";
import { parseWholeNumber } from "../option-values.js";
import { Progress } from "../progress.js";
import { compose, type RequestOptions } from "../prompt/compose.js";
import { saveConversation } from "../saved/conversation.js";
import { refuseSecrets } from "../secrets.js";
import { Timeline } from "../timeline.js";
import { approveByUser, askOnTerminal } from "../tools/approval.js";
import { loadTools } from "../tools/module.js";
import type { TurnTools } from "../turn.js";

/** Options of `ai-lib ask`. */
export interface AskOptions extends RequestOptions, AnswerOptions {
  readonly retry?: string;
  readonly dryRun?: boolean;
  readonly allowSecrets?: boolean;
  readonly tools?: readonly string[];
  readonly yes?: boolean;
}

/** Answers one prompt: the words of the command line, then standard input, joined by an empty line. */
export async function ask(io: Io, words: readonly string[], options: AskOptions): Promise<void> {
  const piped = await readPipe(io);
  if (options.allowSecrets !== true) refuseSecrets(piped);
  const { request, models } = await compose(io, words, piped, options);
  const timeline = options.trace === true ? new Timeline() : undefined;
  const dryRun = options.dryRun === true ? new DryRun(io) : undefined;
  const progress = dryRun === undefined ? Progress.create(io, options.quiet) : undefined;
  const client = await createClient(io, {
    model: models,
    retry: options.retry === undefined ? undefined : parseWholeNumber("--retry", options.retry),
    observers: [timeline, progress].filter((observer) => observer !== undefined),
    transport: dryRun,
  });
  try {
    progress?.begin();
    const turnTools = await openTools(io, options);
    let said = request.messages;
    const call = async () => {
      const { response, messages } = await printAnswer(io, client, request, { ...options, turnTools });
      said = messages;
      return response;
    };
    if (dryRun !== undefined) await call();
    else {
      const response = await recordCall(io, "ask", request, call);
      await keepConversation(io, said, response, options);
    }
  } catch (error) {
    if (dryRun?.printed !== true) throw error;
  } finally {
    progress?.stop();
    if (timeline !== undefined) io.stderr.write(timeline.format(io));
    await client.close();
  }
}

async function openTools(io: Io, { tools, yes }: AskOptions): Promise<TurnTools | undefined> {
  if (tools === undefined) return undefined;
  return { tools: await loadTools(tools), approve: approveByUser(io, yes === true, askOnTerminal(io)) };
}

/** Saves the conversation, so that `-c` or `--conversation` can continue it. A failed write is only reported. */
async function keepConversation(
  io: Io,
  messages: readonly Message[],
  response: ChatResponse,
  { conversation }: AskOptions,
): Promise<void> {
  try {
    await saveConversation(io.environment, conversation, {
      version: 1,
      model: `${response.provider}/${response.model}`,
      messages,
      updatedAt: new Date(systemClock.now()).toISOString(),
    });
  } catch (error) {
    io.stderr.write(`The conversation cannot be saved: ${AiLibError.from(error).message}\n`);
  }
}
