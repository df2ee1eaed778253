import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import { buildResponse } from "../../../core/kinds/chat/response.js";
import type { ChatResponse, EndFacts } from "../../../core/values/chat-response.js";
import { isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { inBandError, replyError } from "../../shared/common/errors.js";
import { type MalformedAnswer, malformedAnswer } from "../../shared/common/malformed-answer.js";
import { decodeErrorBody, EMPTY_ERROR, type ErrorBody, errorIn } from "../../shared/openai/error-shapes.js";
import { classify, messageOf } from "../../shared/openai/errors.js";
import { failureOf } from "../shared/finish.js";
import { quirksOf } from "../shared/quirks.js";

/** Decodes an error reply of any vendor that serves the dialect. */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const error = decodeErrorBody(tryParse(reply.body)) ?? EMPTY_ERROR;
  const what = classify(error, reply.status, target.now, quirksOf(target));
  return replyError(reply, target, what, messageOf(error, reply.status));
}

/**
 * The error inside a 200 or in a frame of a stream.
 * @param body the text that contains it.
 */
export function decodeInBandError(error: ErrorBody, body: string, target: DialectTarget): AiLibError {
  const what = classify(error, undefined, target.now, quirksOf(target));
  return inBandError(body, target, what, messageOf(error, undefined));
}

/**
 * The result of a choice that failed; undefined for any other.
 * @param finish why it ended: see {@link finishIn}.
 * @param called the answer has a complete call.
 */
export function failureIn(
  choice: JsonObject,
  finish: string | undefined,
  body: string,
  called: boolean,
  target: DialectTarget,
): MalformedAnswer | undefined {
  const { error } = choice;
  const decoded = isObject(error) ? decodeErrorBody({ error }) : undefined;
  if (decoded !== undefined) return { error: decodeInBandError(decoded, body, target) };
  const code = finish === undefined ? undefined : failureOf(finish);
  if (finish === undefined || code === undefined) return undefined;
  return malformedAnswer(code, finish, "the answer failed", called, target);
}

/** The partial response of an answer that failed; undefined if it has no content. */
export function partialOf(
  content: readonly ContentPart[],
  facts: EndFacts,
  target: DialectTarget,
): ChatResponse | undefined {
  if (content.length === 0) return undefined;
  const response = buildResponse(content, { ...facts, finishReason: "other" }, [], {
    provider: target.provider,
    model: target.model,
    id: "",
    attempts: [],
    estimateInput: () => 0,
  });
  return { ...response, finishReason: "other", message: { ...response.message, incomplete: true } };
}

/** The decoders of errors, which a bundle with only chats loads on demand. */
export const errorDecoders = { decodeError, decodeInBandError, errorIn, failureIn, partialOf };
