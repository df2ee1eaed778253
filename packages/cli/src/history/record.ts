import { AiLibError, type ChatRequest, type ChatResponse, systemClock, textOf } from "ai-lib";
import { redactor } from "ai-lib/logs";
import type { Io } from "../io.js";
import { measureSpeed } from "../speed.js";
import type { HistoryEntry } from "./entry.js";
import { isRecording, locateHistory } from "./settings.js";
import { HistoryStore } from "./store.js";

/** Runs a call, and records its prompt and its answer or error if recording is on. */
export async function recordCall(
  io: Io,
  command: string,
  request: ChatRequest,
  run: () => Promise<ChatResponse>,
): Promise<ChatResponse> {
  if (!(await isRecording(io.environment))) return run();
  const question = {
    time: new Date(systemClock.now()).toISOString(),
    command,
    prompt: findPrompt(request),
  };
  try {
    const response = await run();
    await append(io, { ...question, ...describeAnswer(response) });
    return response;
  } catch (error) {
    const failure = AiLibError.from(error);
    await append(io, {
      ...question,
      ...(failure.partial === undefined ? {} : describeAnswer(failure.partial)),
      error: failure.errorCodeWithSeverity(),
    });
    throw error;
  }
}

function findPrompt(request: ChatRequest): string {
  const last = request.messages.findLast(({ role }) => role === "user");
  return last === undefined ? "" : textOf(last.content);
}

function describeAnswer(response: ChatResponse): Omit<HistoryEntry, "time" | "command" | "prompt"> {
  const { totalMs, firstContentMs } = measureSpeed(response);
  return {
    provider: response.provider,
    model: response.model,
    text: response.text,
    inputTokens: response.usage.inputTokens,
    outputTokens: response.usage.outputTokens,
    usageStatus: response.usageStatus,
    ...(response.cost === undefined ? {} : { cost: response.cost }),
    ...(totalMs === undefined ? {} : { totalMs: Math.round(totalMs) }),
    ...(firstContentMs === undefined ? {} : { firstContentMs: Math.round(firstContentMs) }),
    attempts: response.attempts.length,
    finishReason: response.finishReason,
  };
}

/** Adds an entry without the credentials that a prompt or an answer may contain. A failed write is only reported. */
async function append(io: Io, entry: HistoryEntry): Promise<void> {
  const redact = redactor();
  const path = locateHistory(io.environment);
  try {
    const store = await HistoryStore.open(io.environment);
    try {
      store.add({
        ...entry,
        prompt: redact(entry.prompt),
        ...(entry.text === undefined ? {} : { text: redact(entry.text) }),
      });
    } finally {
      store.close();
    }
  } catch (error) {
    io.stderr.write(`The history ${path} cannot be written: ${(error as Error).message}\n`);
  }
}
