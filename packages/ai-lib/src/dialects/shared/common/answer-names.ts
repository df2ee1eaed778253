import type { ServerFacts } from "../../../core/contract/dialect.js";

/** The id and the model of an answer on the wire. */
export interface AnswerNames {
  readonly id: string;
  /** `""` where no model is known. */
  readonly model: string;
}

/** An answer's own names where it has some, else those of the server's facts. Empty names count as none. */
export function answerNames(
  answer: { readonly id?: string | undefined; readonly model?: string | undefined },
  facts: ServerFacts,
): AnswerNames {
  const { id, model } = answer;
  return {
    id: id === undefined || id === "" ? facts.id : id,
    model: model === undefined || model === "" ? (facts.model ?? "") : model,
  };
}
