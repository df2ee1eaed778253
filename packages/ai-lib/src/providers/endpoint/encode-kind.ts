import type { Call } from "../../core/contract/call.js";
import type { DialectTarget, Encoded, KindCodec } from "../../core/contract/dialect.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import { refuseLosses } from "../../core/run/for-target.js";
import type { Warning } from "../../core/values/answer.js";
import type { Kind, RequestOf } from "../../core/values/kinds.js";
import { type EncodedCall, encodingError } from "./encode.js";

/**
 * Encodes a call of another kind than chat. Fields that only a stream supports are left out of other requests.
 * @throws {AiLibError} as `encodeChatCall` does.
 */
export function encodeKindCall(codec: KindCodec<Kind>, call: Call, target: DialectTarget): EncodedCall {
  let encoded: EncodedCall;
  try {
    encoded = encodeKind(codec, call, target);
  } catch (error) {
    throw encodingError(error);
  }
  if (call.context.strict) refuseLosses(target.provider, encoded.warnings);
  return encoded;
}

function encodeKind(codec: KindCodec<Kind>, { request, mode, laws }: Call, target: DialectTarget): Encoded {
  const stream = mode === "stream" ? codec.stream : undefined;
  const { http, warnings } = encodeFor(codec, mode, request as RequestOf, target);
  const { streamFields = [] } = laws as KindLaws;
  const lost = stream?.encode === undefined ? streamFields.filter((name) => isSet(request, name)) : [];
  if (lost.length === 0) return { http, warnings };
  const why = mode === "stream" ? `${target.provider} does not stream them` : "only a stream has them";
  return {
    http,
    warnings: [
      ...warnings,
      ...lost.map(
        (field): Warning => ({ code: "unsupported", field, message: `"${field}" was left out: ${why}` }),
      ),
    ],
  };
}

/** A request of another kind than chat, in the way that its mode needs. */
export function encodeFor(
  codec: KindCodec<Kind>,
  mode: Call["mode"],
  request: RequestOf,
  target: DialectTarget,
): Encoded {
  const encode = mode === "stream" ? codec.stream?.encode : undefined;
  return encode === undefined ? codec.encode(request, target) : encode(request, target);
}

function isSet(request: object, field: string): boolean {
  const value = (request as Readonly<Record<string, unknown>>)[field];
  return value !== undefined && value !== 0;
}
