import type { Call } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget, Encoded } from "../../core/contract/dialect.js";
import { AiLibError, messageOf } from "../../core/errors/error.js";
import { NotLoaded } from "../../core/errors/on-demand.js";
import { fitToModel } from "../../core/kinds/chat/fit-model.js";
import { mendHistory } from "../../core/kinds/chat/mend-history.js";
import { openHistory } from "../../core/kinds/chat/open-history.js";
import { nameTools } from "../../core/kinds/chat/tool-names.js";
import { refuseLosses } from "../../core/run/for-target.js";
import type { Warning } from "../../core/values/answer.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ModelFacts } from "../../core/values/model.js";
import type { Tool } from "../../core/values/tool.js";

/** A request on the wire, and the caller's names of tools by the names that are sent, where they differ. */
export interface EncodedCall extends Encoded {
  readonly names?: ReadonlyMap<string, string> | undefined;
}

/**
 * Encodes a chat for a target.
 * @param facts the known facts of the model. Default: none.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE`, if the call is strict, for a request of which something would be left out
 *   or changed; else as the dialect does.
 * @throws {NotLoaded} where code of the dialect is loaded on demand.
 */
export function encodeChatCall(
  half: ClientHalf,
  call: Call,
  target: DialectTarget,
  facts?: ModelFacts,
): EncodedCall {
  let encoded: EncodedCall;
  try {
    encoded = encodeChat(half, call, target, facts);
  } catch (error) {
    throw error instanceof NotLoaded ? error : encodingError(error);
  }
  if (call.context.strict) refuseLosses(target.provider, encoded.warnings);
  return encoded;
}

/**
 * An exception of a codec as an error of the library. A request that cannot be written (a BigInt, a cycle, half of a
 * surrogate pair in a model's name) is a mistake of the caller: no provider was asked, and none could accept it.
 */
export function encodingError(error: unknown): AiLibError {
  if (AiLibError.is(error)) return error;
  return new AiLibError({
    code: "INVALID_REQUEST",
    message: `The request cannot be encoded: ${messageOf(error)}`,
    local: true,
    cause: error,
  });
}

/** A chat whose history and names of tools every vendor, and whose content this model, accepts. */
function encodeChat(
  half: ClientHalf,
  call: Call,
  target: DialectTarget,
  facts: ModelFacts | undefined,
): EncodedCall {
  const { provider, model } = target;
  const fitted = fitToModel(call.request as ChatRequest, facts, { provider, model });
  const { request } = fitted;
  const mended: Warning[] = [];
  const waiting = half.asyncTools?.(target) === true ? asyncTools(request.tools) : undefined;
  const history = mendHistory(request.messages, mended, waiting);
  const messages = half.userFirst?.(target) === true ? openHistory(history, request, mended) : history;
  const ready = messages === request.messages ? request : { ...request, messages };
  const named = nameTools(ready, half.toolNames?.(target));
  const { http, warnings } = half.encode(named.request, call.mode, target);
  const before = fitted.warnings.length + mended.length + named.warnings.length;
  return {
    http,
    warnings: before === 0 ? warnings : [...fitted.warnings, ...mended, ...named.warnings, ...warnings],
    names: named.names,
  };
}

/** The names of the tools whose results may come in any later turn. */
function asyncTools(tools: readonly Tool[] | undefined): ReadonlySet<string> | undefined {
  const names = tools?.flatMap((tool) =>
    tool.type !== "provider" && tool.async === true ? [tool.name] : [],
  );
  return names === undefined || names.length === 0 ? undefined : new Set(names);
}
