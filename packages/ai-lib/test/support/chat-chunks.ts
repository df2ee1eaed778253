import type { Quirks } from "../../src/core/contract/dialect.js";
import type { AiLibError } from "../../src/core/errors/error.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import { client } from "../../src/dialects/openai-chat/client/index.js";
import { replayFrames, targetFor } from "./halves.js";

/** A chunk with one choice. */
export function chunk(delta: object, rest: object = {}, finish: string | null = null): string {
  return JSON.stringify({
    id: "chatcmpl-1",
    model: "gpt-x-1",
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...rest,
  });
}

/** Tokens of the made-up answers. */
export const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
/** Usage on a chunk of its own. */
export const usageChunk = JSON.stringify({ id: "chatcmpl-1", model: "gpt-x-1", choices: [], usage });
/** The chunk with the finish reason. */
export const stop = chunk({}, {}, "stop");

/** All that frames bring, through the attempt that a provider would run them in. */
export function play(frames: readonly string[], quirks: Quirks = {}, end = true) {
  return replayFrames(client, targetFor("labs", quirks), frames, end);
}

/** The response that frames end in. */
export function answer(frames: readonly string[], quirks: Quirks = {}): ChatResponse {
  const { outcome } = play(frames, quirks);
  if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("no ending");
  return outcome.response;
}

/** The error that frames end in. */
export function failure(frames: readonly string[]): AiLibError {
  const { outcome } = play(frames);
  if (outcome === undefined || "response" in outcome) throw new Error("no failure");
  return outcome.error;
}

/** A delta with a piece of one call. */
export function call(
  index: number | undefined,
  fields: { id?: string | null; name?: string; args?: unknown },
): object {
  const { id, name, args } = fields;
  return {
    tool_calls: [
      {
        ...(index === undefined ? {} : { index }),
        ...(id === undefined ? {} : { id }),
        function: {
          ...(name === undefined ? {} : { name }),
          ...(args === undefined ? {} : { arguments: args }),
        },
      },
    ],
  };
}
