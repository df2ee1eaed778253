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
import { askOnTerminal } from "../tools/approval.js";
import { openTools, type ToolOptions } from "../tools/open-tools.js";
import type { TurnTools } from "../turn.js";

/** Options of `ai-lib ask`. */
export interface AskOptions extends RequestOptions, AnswerOptions, ToolOptions {
  readonly retry?: string;
  readonly dryRun?: boolean;
  readonly allowSecrets?: boolean;
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
  let turnTools: TurnTools | undefined;
  try {
    progress?.begin();
    turnTools = await openTools(io, options, askOnTerminal(io));
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
    await turnTools?.close();
    await client.close();
  }
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
