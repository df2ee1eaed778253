import type { AnswerFacts } from "./answer.js";
import type { ChatRequest } from "./chat-request.js";

/** The chat whose input tokens are counted. Nothing is generated. */
export type CountTokensRequest = ChatRequest;

/** What a provider returns for a {@link CountTokensRequest}, before the facts of the call are added. */
export interface CountTokensReply {
  readonly inputTokens: number;
  /** Of these, tokens that are in the provider's cache. */
  readonly cachedInputTokens?: number | undefined;
  /** Whether the number was estimated here from the length of the texts. Default: the provider counted. */
  readonly estimated?: boolean | undefined;
  readonly model?: string | undefined;
  readonly warnings?: AnswerFacts["warnings"] | undefined;
}

/** The input tokens of a chat. Plain JSON. */
export interface CountTokensResponse extends AnswerFacts {
  readonly inputTokens: number;
  /** Of these, tokens that are in the provider's cache. */
  readonly cachedInputTokens?: number;
  /** Whether the number was estimated here, since the provider counts none before a call. */
  readonly estimated: boolean;
}
