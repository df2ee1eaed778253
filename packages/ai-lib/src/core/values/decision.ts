import type { AnswerFacts } from "./answer.js";
import type { Extensions, ImagePart, TextPart } from "./message.js";

/** One option of a choice, or one level of a score. */
export interface DecisionOption {
  readonly value: string;
  /** When it is the right one. */
  readonly description?: string | undefined;
}

/** A question about the input of a {@link DecideRequest}. */
export type DecisionQuestion =
  | {
      /** Whether `instructions` is true. */
      readonly type: "boolean";
      readonly name: string;
      readonly instructions: string;
    }
  | {
      /** Which of `options` fits. At least two. */
      readonly type: "choice";
      readonly name: string;
      readonly instructions: string;
      readonly options: readonly (string | DecisionOption)[];
    }
  | {
      /** Where on an ordered scale of `levels`, the lowest first. At least two. */
      readonly type: "score";
      readonly name: string;
      readonly instructions: string;
      readonly levels: readonly (string | DecisionOption)[];
    };

/** A request for decisions with probabilities. Plain JSON. */
export interface DecideRequest {
  /** Model id of the target. Absent, `""` or `"auto"`: the target's default. */
  readonly model?: string | undefined;
  /** What the questions are about: a text, or texts and pictures. */
  readonly input: string | readonly (TextPart | ImagePart)[];
  /** At least one; each has a name of its own. */
  readonly questions: readonly DecisionQuestion[];
  /** An opaque id of the end user, for the provider's abuse detection. */
  readonly user?: string | undefined;
  /** Vendor fields; see {@link Extensions}. */
  readonly extensions?: Extensions | undefined;
}

/** The answer to one question. Probabilities are from 0 to 1. */
export type Decision =
  | { readonly type: "boolean"; readonly name: string; readonly probability: number }
  | {
      readonly type: "choice";
      readonly name: string;
      /** The most probable option. */
      readonly choice: string;
      /** How sure the model is of it, where it says. */
      readonly confidence?: number;
      /** By option. */
      readonly probabilities: Readonly<Record<string, number>>;
    }
  | {
      readonly type: "score";
      readonly name: string;
      /** The expected level, counted from 0: it may lie between two. */
      readonly score: number;
      readonly confidence?: number;
      /** By level. */
      readonly probabilities: Readonly<Record<string, number>>;
    }
  | {
      /** The model declined to answer this question alone. */
      readonly type: "refusal";
      readonly name: string;
    };

/** What a provider returns for a {@link DecideRequest}, before the facts of the call are added. */
export interface DecideReply {
  readonly decisions: readonly Decision[];
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly usage?: AnswerFacts["usage"] | undefined;
  readonly warnings?: AnswerFacts["warnings"] | undefined;
}

/** Decisions in the order of the questions. Plain JSON. */
export interface DecideResponse extends AnswerFacts {
  readonly decisions: readonly Decision[];
}
