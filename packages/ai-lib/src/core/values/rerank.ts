import type { AnswerFacts } from "./answer.js";
import type { JsonObject } from "./json.js";
import type { Extensions } from "./message.js";

/** A document to compare with a query: a text, or an object, which is compared as JSON. */
export type RerankDocument = string | JsonObject;

/** A request to order documents by their relevance to a query. Plain JSON. */
export interface RerankRequest {
  /** Model id of the target. Absent, `""` or `"auto"`: the target's default. */
  readonly model?: string | undefined;
  readonly query: string;
  /** What to order; at least one. */
  readonly documents: readonly RerankDocument[];
  /** How many of the most relevant are returned. Default: all. */
  readonly topN?: number | undefined;
  /**
   * Leaves out results with a lower score. Needs `model`, since scores of different models cannot be compared. Default:
   * every result is returned.
   */
  readonly minScore?: number | undefined;
  /** Tokens of each document that count; a longer one is cut, where the target can do that. */
  readonly maxTokensPerDocument?: number | undefined;
  /** An opaque id of the end user, for the provider's abuse detection. */
  readonly user?: string | undefined;
  /** Vendor fields; see {@link Extensions}. */
  readonly extensions?: Extensions | undefined;
}

/** One document of an answer. */
export interface RerankResult {
  /** Its place in the request's `documents`. */
  readonly index: number;
  /**
   * The relevance by the model: a probability at most vendors, any number (also below zero) at some. Scores of
   * different models cannot be compared.
   */
  readonly score: number;
}

/** What a provider returns for a {@link RerankRequest}, before the facts of the call are added. */
export interface RerankReply {
  readonly results: readonly RerankResult[];
  readonly searchUnits?: number | undefined;
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly usage?: AnswerFacts["usage"] | undefined;
  readonly warnings?: AnswerFacts["warnings"] | undefined;
}

/** Documents by falling relevance. Plain JSON. */
export interface RerankResponse extends AnswerFacts {
  /** By falling score. */
  readonly results: readonly RerankResult[];
  /** Searches that are billed, where the vendor bills those and not tokens. */
  readonly searchUnits?: number;
}
