import type { DialectTarget, Encoded, KindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { repairHistory } from "../../../core/kinds/chat/repair-history.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { CountTokensReply } from "../../../core/values/count-tokens.js";
import { isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import { tokenCount } from "../../../core/values/usage.js";

/** How a dialect counts the tokens of a chat. */
export interface Counting {
  /** Encodes the chat. */
  encode(request: ChatRequest, mode: "unary", target: DialectTarget): Encoded;
  /** The path of the count, from the path of the chat. */
  path(chat: string, target: DialectTarget): string;
  /** The body of the count, from the body of the chat. */
  body(chat: JsonObject, target: DialectTarget): JsonObject;
  /** The field of the reply that holds the number. */
  readonly total: string;
  /** The field that holds the tokens in the cache, where there is one. */
  readonly cached?: string;
}

/** Counts tokens with a request that is made from the chat request. */
export function countingCodec({ encode, path, body, total, cached }: Counting): KindCodec<"countTokens"> {
  return {
    encode(request, target) {
      const encoded = encode({ ...request, messages: repairHistory(request.messages) }, "unary", target);
      const { http } = encoded;
      const chat = tryParse(http.body ?? "");
      const counted = body(isObject(chat) ? chat : {}, target);
      return {
        ...encoded,
        http: { ...http, path: path(http.path, target), body: JSON.stringify(counted) },
      };
    },
    decode: (reply) => decodeCount(reply, total, cached),
  };
}

function decodeCount(reply: HttpReply, total: string, cached: string | undefined): CountTokensReply {
  const body = parseBody(reply.body);
  const inputTokens = tokenCount(body[total]);
  if (inputTokens === undefined)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "The provider returned no number of tokens",
      body: reply.body,
    });
  const cachedInputTokens = cached === undefined ? undefined : tokenCount(body[cached]);
  return {
    inputTokens,
    ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
    // The mark of another server of this library.
    ...(body["estimated"] === true && { estimated: true }),
  };
}

/** The fields of an object that a set names. */
export function picked(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.filter((field) => object[field] !== undefined).map((field) => [field, object[field]]),
  ) as JsonObject;
}
