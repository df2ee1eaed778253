import { asArray, asNumber, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { TokenLogprob } from "../../../core/values/message.js";

/**
 * Log probabilities, of one `LogprobItem` or a list of them; undefined if there are none. Cohere gives a piece of
 * text and a probability for each of its tokens, whose product is that of the piece.
 */
export function decodeLogprobs(value: unknown): readonly TokenLogprob[] | undefined {
  const items = Array.isArray(value) ? (value as unknown[]) : [value];
  const read = items.flatMap((item) => {
    const token = isObject(item) ? asString(item["text"]) : undefined;
    if (token === undefined || !isObject(item)) return [];
    const weights = asArray(item["logprobs"]).flatMap((weight) => asNumber(weight) ?? []);
    return weights.length === 0 ? [] : [{ token, logprob: weights.reduce((sum, weight) => sum + weight, 0) }];
  });
  return read.length === 0 ? undefined : read;
}

/** A token as a `LogprobItem`; its id in Cohere's vocabulary is unknown. */
export function encodeLogprob({ token, logprob }: TokenLogprob): JsonObject {
  return { text: token, token_ids: [], logprobs: [logprob] };
}
