import type { JsonObject, Kind, RequestOf } from "ai-lib";
import type { TokenEstimate } from "ai-lib/kit";
import type { Answerer } from "./endpoints.js";

/** The most that one attempt of a call can use, as far as it can be known before. */
export interface CallBound {
  /** Tokens of the prompt. */
  readonly input: number;
  /** How often the vendor reads the prompt. Default 1. */
  readonly passes?: number | undefined;
  /** Tokens that the request allows for its answer; undefined for one without a limit. See {@link mostOutput}. */
  readonly output: number | undefined;
  /** What other fields say about the length of the answer. Default: nothing. */
  readonly more?: MoreOutput | undefined;
  /** Whether there is anything but text in the prompt. */
  readonly media: boolean;
  /** What may be billed besides tokens. */
  readonly units: NonNullable<TokenEstimate["units"]>;
}

/** What may be generated besides the limit of the answer. */
export interface MoreOutput {
  /** A length that a field of a vendor names. */
  readonly output: number;
  /** Tokens that are generated in addition, such as those of thinking. */
  readonly added: number;
  /** Answers to the request. */
  readonly answers: number;
}

/** What a bound is computed from. */
export interface BoundFacts {
  readonly kind: Kind;
  readonly request: RequestOf<Kind>;
  /** The body that the client sent, parsed. Default: what the request has of it, its extensions. */
  readonly fields?: JsonObject | undefined;
  /** The request has more than the body, such as a conversation that the gateway remembers. Default false. */
  readonly recalled?: boolean | undefined;
  /** What answers. Default: a provider that adds nothing. */
  readonly choice?: Answerer | undefined;
  /** Bytes of the body that the client sent. */
  readonly bodyBytes: number;
  /** Tokens and other units by rule of thumb. */
  readonly estimate: TokenEstimate;
}

/** The most tokens that are generated where the answer is limited to some. */
export function mostOutput(limit: number, more: MoreOutput | undefined): number {
  if (more === undefined) return limit;
  const { output, added, answers } = more;
  // A dialect may count thinking within its limit, which is then the sum of both.
  return ((output > limit + added ? output : limit) + added) * answers;
}
