import type { Call } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget, Encoded } from "../../core/contract/dialect.js";
import { AiLibError, messageOf } from "../../core/errors/error.js";
import { NotLoaded, OnDemand } from "../../core/errors/on-demand.js";
import { refuseLosses } from "../../core/run/for-target.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ModelFacts } from "../../core/values/model.js";

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

/** Prepares chats that hold more than texts: their media, history and tools. */
export const chatPreparation = new OnDemand("tools and media", () =>
  import("./prepare-chat.js").then(({ prepareChat }) => prepareChat),
);

/** A chat whose history and names of tools every vendor, and whose content this model, accepts. */
function encodeChat(
  half: ClientHalf,
  call: Call,
  target: DialectTarget,
  facts: ModelFacts | undefined,
): EncodedCall {
  const request = call.request as ChatRequest;
  if (isReady(request, half.userFirst?.(target) === true)) return half.encode(request, call.mode, target);
  const prepared = chatPreparation.get()(half, request, target, facts);
  const { http, warnings } = half.encode(prepared.request, call.mode, target);
  return {
    http,
    warnings: prepared.warnings.length === 0 ? warnings : [...prepared.warnings, ...warnings],
    names: prepared.names,
  };
}

/** Whether a chat needs no preparation: it holds texts alone, and no turn that vendors refuse. */
function isReady({ messages, tools, reasoning }: ChatRequest, userFirst: boolean): boolean {
  if (tools !== undefined || reasoning !== undefined) return false;
  let begun = !userFirst;
  for (const message of messages) {
    const { role, content } = message;
    if (typeof content !== "string") return false;
    if (role === "system") continue;
    if (role === "assistant" && (message.incomplete === true || !begun || content.trim() === ""))
      return false;
    // A blank turn of the user is none to vendors that refuse blank text.
    begun ||= content.trim() !== "";
  }
  return true;
}
