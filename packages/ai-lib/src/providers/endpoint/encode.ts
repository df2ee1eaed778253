import type { Call } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget, Encoded, KindCodec } from "../../core/contract/dialect.js";
import { AiLibError, messageOf } from "../../core/errors/error.js";
import { fitToModel } from "../../core/kinds/chat/fit-model.js";
import { mendHistory } from "../../core/kinds/chat/mend-history.js";
import { openHistory } from "../../core/kinds/chat/open-history.js";
import { nameTools } from "../../core/kinds/chat/tool-names.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import { refuseLosses } from "../../core/run/for-target.js";
import type { Warning } from "../../core/values/answer.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { Kind, RequestOf } from "../../core/values/kinds.js";
import type { ModelFacts } from "../../core/values/model.js";
import type { Tool } from "../../core/values/tool.js";

/** A request on the wire, and the caller's names of tools by the names that are sent, where they differ. */
export interface EncodedCall extends Encoded {
  readonly names?: ReadonlyMap<string, string> | undefined;
}

/**
 * Encodes a call for a target, by its kind.
 * @param codec that of the call's kind; absent for a chat
 * @param facts what is known of the model. Default: nothing.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE`, if the call is strict, for a request of which something would be left out
 *   or changed; else as the dialect does.
 */
export function encodeCall(
  half: ClientHalf,
  codec: KindCodec<Kind> | undefined,
  call: Call,
  target: DialectTarget,
  facts?: ModelFacts,
): EncodedCall {
  const encoded = encodeOrRefuse(half, codec, call, target, facts);
  if (call.context.strict) refuseLosses(target.provider, encoded.warnings);
  return encoded;
}

/** A request that cannot be encoded is the caller's mistake: no other provider could take it, and none was asked. */
function encodeOrRefuse(
  half: ClientHalf,
  codec: KindCodec<Kind> | undefined,
  call: Call,
  target: DialectTarget,
  facts: ModelFacts | undefined,
): EncodedCall {
  try {
    return codec === undefined ? encodeChat(half, call, target, facts) : encodeKind(codec, call, target);
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

/** A call of another kind than chat. Fields that only a stream can honour are left out of others. */
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
