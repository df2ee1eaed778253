import type { Attempt } from "./attempt.js";
import type { Json, JsonObject } from "./json.js";
import type { Usage, UsageStatus } from "./usage.js";

/** A field that was dropped or changed. Every such field has a warning. */
export interface Warning {
  /**
   * `unsupported`: the target does not support it, and it was left out; `changed`: it was replaced by the closest
   * value; `state-dropped`: opaque state of another family was left out; `malformed`: a bad frame was skipped; `other`:
   * see the message.
   */
  readonly code: "unsupported" | "changed" | "state-dropped" | "malformed" | "other";
  /** What happened, and what to do. */
  readonly message: string;
  /** The path of the request's field it is about, such as `"topK"` or `"messages.2.content.0"`. */
  readonly field?: string;
}

/** One rate limit that the provider reported. */
export interface RateLimit {
  readonly limit?: number;
  readonly remaining?: number;
  /** Epoch milliseconds. */
  readonly resetAt?: number;
}

/** The rate limits that the provider reported with this reply. */
export interface RateLimits {
  readonly requests?: RateLimit;
  readonly tokens?: RateLimit;
}

/** Facts of the call, in the answer of any kind. */
export interface AnswerFacts {
  /** The provider's id of the response, or an id that ai-lib made. */
  readonly id: string;
  /** The id of the provider that answered. */
  readonly provider: string;
  /** The model that answered, as the provider names it. */
  readonly model: string;
  readonly usage: Usage;
  readonly usageStatus: UsageStatus;
  /** US dollars, where the price is known. */
  readonly cost?: number;
  readonly warnings: readonly Warning[];
  /** Every attempt made for this call, in order; the last that succeeded is this answer. */
  readonly attempts: readonly Attempt[];
  readonly rateLimits?: RateLimits;
  /** The provider's id of the HTTP request, for support requests. */
  readonly requestId?: string;
  /** Response headers, cookies left out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A `cache` answered and no provider was asked: `usage` is that of the first answer, and `cost` is 0. */
  readonly cached?: true;
  /** The provider's body, where `includeRaw` asked for it. */
  readonly raw?: Json | JsonObject;
}

/** An answer that its creator may still change. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
