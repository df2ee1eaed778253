import type { Call } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget, Encoded, KindCodec } from "../../core/contract/dialect.js";
import { AiLibError } from "../../core/errors/error.js";
import { mendHistory } from "../../core/kinds/chat/mend-history.js";
import type { Warning } from "../../core/values/answer.js";
import type { Kind } from "../../core/values/kinds.js";

/**
 * Encodes a call for a target, by its kind.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a kind that the dialect lacks, and, if the call is strict, for a request
 *   of which something would be left out or changed; else as the dialect does.
 */
export function encodeCall(half: ClientHalf, call: Call, target: DialectTarget): Encoded {
  const encoded = encodeKind(half, call, target);
  if (call.context.strict) refuseLosses(target.provider, encoded.warnings);
  return encoded;
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
