import type { AnswerFacts } from "./answer.js";
import type { Extensions, ImagePart, TextPart } from "./message.js";

/** One thing to judge: a text, or texts and pictures that are judged together. */
export type ModerateInput = string | readonly (TextPart | ImagePart)[];

/** A request to judge whether content is harmful. Plain JSON. */
export interface ModerateRequest {
  /** Model id of the target. Absent, `""` or `"auto"`: the target's default. */
  readonly model?: string | undefined;
  /** What to judge, in order; one verdict comes back for each. */
  readonly inputs: readonly ModerateInput[];
  /** Vendor fields; see {@link Extensions}. */
  readonly extensions?: Extensions | undefined;
}

/** What a model says of one input. The categories are the model's own words, such as `"violence/graphic"`. */
export interface Verdict {
  /** The model judges the input harmful in at least one category. */
  readonly flagged: boolean;
  /** The categories, and whether the input is harmful in each. */
  readonly categories: Readonly<Record<string, boolean>>;
  /** How sure the model is, by category, from 0 to 1. */
  readonly scores: Readonly<Record<string, number>>;
  /** What each category was judged by, such as `["text", "image"]`, where the provider says so. */
  readonly modalities?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What a provider returns for a {@link ModerateRequest}, before the facts of the call are added. */
export interface ModerateReply {
  /** One verdict for each input, in the order of the inputs. */
  readonly verdicts: readonly Verdict[];
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly usage?: AnswerFacts["usage"] | undefined;
  readonly warnings?: AnswerFacts["warnings"] | undefined;
}

/** The verdicts on the inputs of a request. Plain JSON. */
export interface ModerateResponse extends AnswerFacts {
  /** One verdict for each input, in the order of the inputs. */
  readonly verdicts: readonly Verdict[];
  /** At least one input is flagged. */
  readonly flagged: boolean;
}
