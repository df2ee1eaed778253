/** What a model takes in or gives out. */
export type Modality = "text" | "image" | "audio" | "video" | "pdf";

/** US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Input tokens read from the cache. Default: `input`. */
  readonly cachedInput?: number;
  /** Input tokens written to the cache. Default: `input`. */
  readonly cacheWriteInput?: number;
}

/** What is known of a model without asking anyone. Absent means unknown, not no. */
export interface ModelFacts {
  /** Tokens of prompt and answer together. */
  readonly contextWindow?: number;
  /** Tokens of one answer at most. */
  readonly maxOutputTokens?: number;
  readonly input?: readonly Modality[];
  readonly output?: readonly Modality[];
  readonly tools?: boolean;
  readonly structuredOutput?: boolean;
  readonly reasoning?: boolean;
  /**
   * It goes on from the text of an assistant message at the end of a conversation. `midStream: "continue"` needs it;
   * there, absent means no.
   */
  readonly prefill?: boolean;
  readonly price?: Price;
}

/** A model that a provider serves. */
export interface ModelInfo extends ModelFacts {
  readonly id: string;
  readonly provider: string;
  /** A name for people, where there is one. */
  readonly name?: string;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
  readonly ownedBy?: string;
}
