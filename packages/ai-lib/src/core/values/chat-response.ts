import type { AnswerFacts, Warning } from "./answer.js";
import type { AssistantMessage, ContentPart, Extensions, ToolCallPart } from "./message.js";
import type { Usage } from "./usage.js";

/**
 * Why the answer ended. `tool-calls` means calls that the caller must run; calls that the provider ran end in `stop`.
 * `paused` means that the provider interrupted a long turn or has not finished it: append the message to the history
 * and send it back, and the model continues (`runTools` does so). `other` is any other reason; `rawFinishReason` has
 * the provider's own word.
 */
export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "paused" | "other";

/** Why the provider's policy withheld an answer, if it reports a reason. */
export interface RefusalDetails {
  /** The policy, in the provider's words: `"cyber"`, `"PROHIBITED_CONTENT"`. */
  readonly category?: string;
  /** An explanation for people. If it is the answer itself, there is a refusal part, too. */
  readonly explanation?: string;
}

/** The facts of a reply besides its content; a decoder ends with them. */
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
  /** Why the provider's policy withheld the answer, or a part of it. */
  readonly refusal?: RefusalDetails;
  /** Why the cache did not serve the prompt, in the provider's words, where `promptCache.compareWith` asked. */
  readonly cacheMiss?: string;
  /** US dollars that the provider reports as billed. They take precedence over every price. */
  readonly cost?: number;
  /** Fields that the contract has no name for, keyed by dialect or provider id. */
  readonly extensions?: Extensions;
}

/** A whole reply that a dialect decoded, without the facts of the call. */
export interface Reply {
  readonly content: readonly ContentPart[];
  readonly facts: EndFacts;
  readonly warnings?: readonly Warning[];
}

/** A whole answer of a chat. Plain JSON. */
export interface ChatResponse extends AnswerFacts, EndFacts {
  readonly id: string;
  readonly model: string;
  readonly usage: Usage;
  readonly content: readonly ContentPart[];
  /** All text parts, joined without separator; no reasoning, no refusal. */
  readonly text: string;
  /** All readable reasoning, joined. */
  readonly reasoningText: string;
  /** The calls that the caller must run. */
  readonly toolCalls: readonly ToolCallPart[];
  /** Append it to the history. */
  readonly message: AssistantMessage;
}
