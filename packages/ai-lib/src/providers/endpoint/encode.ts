import type { Call } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget, Encoded, KindCodec } from "../../core/contract/dialect.js";
import { AiLibError, messageOf } from "../../core/errors/error.js";
import { mendHistory } from "../../core/kinds/chat/mend-history.js";
import type { Warning } from "../../core/values/answer.js";
import type { Kind } from "../../core/values/kinds.js";

/**
 * Encodes a call for a target, by its kind.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a kind that the dialect lacks, and, if the call is strict, for a request
 *   of which something would be left out or changed; else as the dialect does.
 */
export function encodeCall(half: ClientHalf, call: Call, target: DialectTarget): Encoded {
  const encoded = encodeOrRefuse(half, call, target);
  if (call.context.strict) refuseLosses(target.provider, encoded.warnings);
  return encoded;
}

/** A request that cannot be encoded is the caller's mistake: no other provider could take it, and none was asked. */
function encodeOrRefuse(half: ClientHalf, call: Call, target: DialectTarget): Encoded {
  try {
    return encodeKind(half, call, target);
  } catch (error) {
    throw AiLibError.is(error) ? error : unencodable(error);
  }
}

/** The error for a request that cannot be written: a BigInt, a cycle, half of a surrogate pair in a model's name. */
function unencodable(cause: unknown): AiLibError {
  return new AiLibError({
    code: "INVALID_REQUEST",
    message: `The request cannot be encoded: ${messageOf(cause)}`,
    local: true,
    cause,
  });
}

function encodeKind(half: ClientHalf, call: Call, target: DialectTarget): Encoded {
  if (call.kind === "chat") {
    const messages = mendHistory(call.request.messages);
    const request = messages === call.request.messages ? call.request : { ...call.request, messages };
    return half.encode(request, call.mode, target);
  }
  const codec = half.kinds?.[call.kind] as KindCodec<Kind> | undefined;
  if (codec !== undefined) return codec.encode(call.request, target);
  throw new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `The dialect ${half.id} has no requests of the kind "${call.kind}"`,
    local: true,
  });
}

function refuseLosses(provider: string, warnings: readonly Warning[]): void {
  const lost = warnings.filter(({ code }) => code === "unsupported" || code === "changed");
  if (lost.length === 0) return;
  throw new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `${provider} cannot honour the request, and strict was set: ${lost.map(({ message }) => message).join("; ")}`,
    local: true,
  });
}
