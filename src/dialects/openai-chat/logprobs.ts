import { asArray, asNumber, asObject, asString, isObject, type JsonObject } from "../../core/json.js";
import type { TokenLogprob } from "../../core/message.js";

/** The text's tokens of a choice's `logprobs`; undefined where there are none. Those of reasoning are left out. */
export function readLogprobs(value: unknown): TokenLogprob[] | undefined {
  const entries = asArray(asObject(value)?.["content"]);
  if (entries.length === 0) return undefined;
  const tokens: TokenLogprob[] = [];
  for (const entry of entries) {
    const token = readToken(entry);
    if (token === undefined) continue;
    const top = asArray(isObject(entry) ? entry["top_logprobs"] : undefined)
      .map(readToken)
      .filter((one) => one !== undefined);
    tokens.push(top.length === 0 ? token : { ...token, top });
  }
  return tokens.length === 0 ? undefined : tokens;
}

function readToken(entry: unknown): { token: string; logprob: number } | undefined {
  if (!isObject(entry)) return undefined;
  const token = asString(entry["token"]);
  const logprob = asNumber(entry["logprob"]);
  return token === undefined || logprob === undefined ? undefined : { token, logprob };
}

/** Tokens as OpenAI writes them. */
export function writeLogprobs(tokens: readonly TokenLogprob[]): JsonObject {
  return {
    content: tokens.map(({ token, logprob, top }) => ({
      token,
      logprob,
      bytes: null,
      top_logprobs: (top ?? []).map((one) => ({ token: one.token, logprob: one.logprob, bytes: null })),
    })),
    refusal: null,
  };
}
