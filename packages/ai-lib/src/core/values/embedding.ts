import type { AnswerFacts } from "./answer.js";
import type { Extensions, ImagePart, TextPart } from "./message.js";

/** One thing to embed: a text, or parts that become one vector together where the model takes pictures. */
export type EmbedInput = string | readonly (TextPart | ImagePart)[];

/**
 * What a vector is for. Some vendors require it, and it changes the vectors: embed a question as `query` and what
 * it is compared with as `document`.
 */
export type EmbedPurpose = "query" | "document" | "similarity" | "classification" | "clustering";

/** How the numbers of a vector are represented. */
export type EmbedFormat = "float" | "int8" | "uint8" | "binary" | "ubinary";

/** A request for vectors. Plain JSON. */
export interface EmbedRequest {
  /** Model id of the target. Absent, `""` or `"auto"`: the target's default. */
  readonly model?: string | undefined;
  /** What to embed, in order; one vector comes back for each. */
  readonly inputs: readonly EmbedInput[];
  readonly purpose?: EmbedPurpose | undefined;
  /** Length of the vectors, where the model can shorten them. Default: the model's. */
  readonly dimensions?: number | undefined;
  /** Default `"float"`. */
  readonly format?: EmbedFormat | undefined;
  /** What happens to an input that is too long: an error, or the loss of its end or start. Default: the provider's. */
  readonly truncate?: "none" | "end" | "start" | undefined;
  /** An opaque id of the end user, for the provider's abuse detection. */
  readonly user?: string | undefined;
  /** Vendor fields; see {@link Extensions}. */
  readonly extensions?: Extensions | undefined;
}

/** A vector: numbers in the format asked for. */
export type Vector = readonly number[];

/** What a provider returns for an {@link EmbedRequest}, before the facts of the call are added. */
export interface EmbedReply {
  /** One vector for each input, in the order of the inputs. */
  readonly embeddings: readonly Vector[];
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly usage?: AnswerFacts["usage"] | undefined;
  readonly warnings?: AnswerFacts["warnings"] | undefined;
  readonly extensions?: Extensions | undefined;
}

/** The vectors of a request. Plain JSON. */
export interface EmbedResponse extends AnswerFacts {
  /** One vector for each input, in the order of the inputs. */
  readonly embeddings: readonly Vector[];
  /** Length of the vectors; 0 where there are none. */
  readonly dimensions: number;
  readonly extensions?: Extensions;
}
