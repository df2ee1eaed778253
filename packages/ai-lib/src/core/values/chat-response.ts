import type { Attempt } from "../run/attempt.js";
import type { Json, JsonObject } from "./json.js";
import type { AssistantMessage, ContentPart, Extensions, ToolCallPart } from "./message.js";
import type { Usage, UsageStatus } from "./usage.js";

/**
 * Why the answer ended. `tool-calls` means calls that the caller must run; calls that the provider ran end in
 * `stop`. `other` is anything that none of the words fits; `rawFinishReason` has the provider's own.
 */
export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "other";

/** Something that could not be honoured or had to be changed. Nothing is dropped in silence. */
export interface Warning {
  /**
   * `unsupported`: the target cannot do it and it was left out; `changed`: it was mapped to the nearest thing;
   * `state-dropped`: opaque state of another family was left out; `malformed`: a bad frame was skipped;
   * `other`: see the message.
   */
  readonly code: "unsupported" | "changed" | "state-dropped" | "malformed" | "other";
  /** What happened and what to do about it. */
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

/** What a reply tells besides its content; a decoder ends with these. */
export interface EndFacts {
  readonly finishReason: FinishReason;
  /** The provider's own word. */
  readonly rawFinishReason?: string;
  readonly usage?: Usage;
  /** The provider's id of the response. */
  readonly id?: string;
  /** The model that answered, as the provider names it. */
  readonly model?: string;
  /** The tier that served the call, as the provider names it. */
  readonly serviceTier?: string;
  /** Fields that the contract has no name for, keyed by dialect or provider id. */
  readonly extensions?: Extensions;
}

/** A whole reply as a dialect decodes it: no facts of the call around it yet. */
export interface Reply {
  readonly content: readonly ContentPart[];
  readonly facts: EndFacts;
  readonly warnings?: readonly Warning[];
}

/** A whole answer. Plain JSON. */
export interface ChatResponse extends EndFacts {
  readonly id: string;
  /** The provider id that really answered. */
  readonly provider: string;
  readonly model: string;
  readonly content: readonly ContentPart[];
  /** All text parts, joined without separator; no reasoning, no refusal. */
  readonly text: string;
  /** All readable reasoning, joined. */
  readonly reasoningText: string;
  /** The calls that the caller must run. */
  readonly toolCalls: readonly ToolCallPart[];
  /** Append it to the history. */
  readonly message: AssistantMessage;
  readonly usage: Usage;
  readonly usageStatus: UsageStatus;
  /** US dollars, where the price is known. */
  readonly cost?: number;
  readonly warnings: readonly Warning[];
  /** Every attempt made for this call, in order; the last that succeeded is this answer. */
  readonly attempts: readonly Attempt[];
  readonly rateLimits?: RateLimits;
  /** The provider's body, where `includeRaw` asked for it. */
  readonly raw?: Json | JsonObject;
}
