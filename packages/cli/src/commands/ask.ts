import { AiLibError, type ChatRequest, type ChatResponse, systemClock } from "ai-lib";
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

/** Options of `ai-lib ask`. */
export interface AskOptions extends RequestOptions, AnswerOptions {
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
  const progress = dryRun === undefined ? Progress.start(io, options.quiet) : undefined;
  const client = await createClient(io, {
    model: models,
    retry: options.retry === undefined ? undefined : parseWholeNumber("--retry", options.retry),
    observers: [timeline, progress].filter((observer) => observer !== undefined),
    transport: dryRun,
  });
  try {
    const call = () => printAnswer(io, client, request, options);
    if (dryRun !== undefined) await call();
    else await keepConversation(io, request, await recordCall(io, "ask", request, call), options);
  } catch (error) {
    if (dryRun?.printed !== true) throw error;
  } finally {
    progress?.stop();
    if (timeline !== undefined) io.stderr.write(timeline.format(io));
    await client.close();
  }
}

/** Saves the conversation, so that `-c` or `--conversation` can continue it. A failed write is only reported. */
async function keepConversation(
  io: Io,
  request: ChatRequest,
  response: ChatResponse,
  { conversation }: AskOptions,
): Promise<void> {
  try {
    await saveConversation(io.environment, conversation, {
      version: 1,
      model: `${response.provider}/${response.model}`,
      messages: [...request.messages, response.message],
      updatedAt: new Date(systemClock.now()).toISOString(),
    });
  } catch (error) {
    io.stderr.write(`The conversation cannot be saved: ${AiLibError.from(error).message}\n`);
  }
}
