/** A modality of input or output. */
export type Modality = "text" | "image" | "audio" | "video" | "pdf";

/** Units that vendors bill besides tokens. */
export type UsageUnit = "characters" | "seconds" | "images" | "searches" | "pages";

/** US dollars per million tokens. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
  /** Input tokens read from the cache. Default: `input`. */
  readonly cachedInput?: number;
  /** Input tokens written to the cache. Default: `input`. */
  readonly cacheWriteInput?: number;
  /**
   * Input tokens written to the cache by how long they live, in the provider's words (`"5m"`, `"1h"`). With it, the price
   * of another lifetime is unknown. Default: `cacheWriteInput` for all.
   */
  readonly cacheWrites?: Readonly<Record<string, number>>;
}

/** The price of a model, in US dollars per million tokens. A part that a price does not have is unknown, never 0. */
export interface Price extends TokenPrice {
  /** Input tokens of a modality. Default: `input` for all but audio, whose price is then unknown. */
  readonly inputByModality?: Readonly<Partial<Record<Modality, number>>>;
  /** Output tokens of a modality. Default: `output` for text; that of all others is then unknown. */
  readonly outputByModality?: Readonly<Partial<Record<Modality, number>>>;
  /** US dollars for one use of a tool that the provider runs, by its name: `{ web_search: 0.01 }`. Others are unknown. */
  readonly toolUses?: Readonly<Record<string, number>>;
  /**
   * US dollars for one of what is billed besides tokens: a second of sound, a character, an image, a search, a page. An
   * answer that does not say how many it used has no known cost then.
   */
  readonly units?: Readonly<Partial<Record<UsageUnit, number>>>;
  /** US dollars for each request, besides its tokens. Default: 0. */
  readonly request?: number;
  /** The prices of prompts with more input tokens than `above`, which hold for the whole request. */
  readonly longContext?: TokenPrice & { readonly above: number };
  /**
   * Factors on the prices of tokens by service tier, in the provider's words: `{ flex: 0.5 }`. The standard tier, whatever
   * it is called, has the factor 1; that of any other is unknown.
   */
  readonly tiers?: Readonly<Record<string, number>>;
}

/** The known facts of a model. An absent fact is unknown, not false. */
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
   * The model continues the text of an assistant message at the end of a conversation. `midStream: "continue"` needs
   * it; there, absent means no.
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
  /** The kinds of call that it answers, if the list has them. Absent for a model of chats alone. */
  readonly kinds?: readonly string[];
}
