import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from "../../../core/values/json.js";
import type { TokenLogprob } from "../../../core/values/message.js";

/**
 * Log probabilities of the tokens of a chunk; undefined if it has none.
 * https://ai.google.dev/api/generate-content#LogprobsResult
 */
export function logprobsOf(value: unknown): readonly TokenLogprob[] | undefined {
  const result = asObject(value);
  const chosen = asArray(result?.["chosenCandidates"]).filter(isObject);
  if (chosen.length === 0) return undefined;
  const tops = asArray(result?.["topCandidates"]);
  return chosen.map((one, place) => {
    const top = asArray(asObject(tops[place])?.["candidates"]).filter(isObject).map(tokenOf);
    return top.length === 0 ? tokenOf(one) : { ...tokenOf(one), top };
  });
}

function tokenOf(one: JsonObject): { token: string; logprob: number } {
  return { token: asString(one["token"]) ?? "", logprob: asNumber(one["logProbability"]) ?? 0 };
}

/** The inverse of {@link logprobsOf}. */
export function encodeLogprobs(logprobs: readonly TokenLogprob[]): JsonObject {
  const candidate = (one: { readonly token: string; readonly logprob: number }): JsonObject => ({
    token: one.token,
    logProbability: one.logprob,
  });
  const some = logprobs.some((one) => one.top !== undefined);
  return {
    chosenCandidates: logprobs.map(candidate),
    topCandidates: some ? logprobs.map((one) => ({ candidates: (one.top ?? []).map(candidate) })) : undefined,
  };
}
