import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from "../../../core/values/json.js";
import type { TokenLogprob } from "../../../core/values/message.js";

/** Log probabilities of a choice or a chunk in the form of OpenAI and many others; undefined if there are none. */
export function decodeLogprobs(value: unknown): readonly TokenLogprob[] | undefined {
  return decodeTokenLogprobs(asObject(value)?.["content"]);
}

/** A list of tokens with their log probabilities; undefined for an empty one and for anything else. */
export function decodeTokenLogprobs(value: unknown): readonly TokenLogprob[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.flatMap((entry: unknown) => {
    const token = readToken(entry);
    if (token === undefined || !isObject(entry)) return [];
    const top = asArray(entry["top_logprobs"]).flatMap((one) => readToken(one) ?? []);
    return [top.length === 0 ? token : { ...token, top }];
  });
}

function readToken(entry: unknown): { token: string; logprob: number } | undefined {
  if (!isObject(entry)) return undefined;
  const token = asString(entry["token"]);
  const logprob = asNumber(entry["logprob"]);
  return token === undefined || logprob === undefined ? undefined : { token, logprob };
}

/** Log probabilities in the form of OpenAI and many others. */
export function encodeLogprobs(logprobs: readonly TokenLogprob[]): JsonObject {
  return { content: encodeTokenLogprobs(logprobs), refusal: null };
}

/** A list of tokens with their log probabilities. */
export function encodeTokenLogprobs(logprobs: readonly TokenLogprob[]): JsonObject[] {
  return logprobs.map(({ token, logprob, top }) => ({
    token,
    logprob,
    bytes: bytesOf(token),
    top_logprobs: (top ?? []).map((one) => ({
      token: one.token,
      logprob: one.logprob,
      bytes: bytesOf(one.token),
    })),
  }));
}

const UTF8 = new TextEncoder();

/** The bytes of a token. Clients join them where a character spans several tokens. */
function bytesOf(token: string): number[] {
  return [...UTF8.encode(token)];
}
