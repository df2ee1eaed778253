import type { AnswerFacts, KindLaws } from "ai-lib/kit";
import { TEXT_ONLY } from "ai-lib/kit";

/** A text to turn around. */
export interface ReverseRequest {
  readonly model?: string | undefined;
  readonly text: string;
}

/** The text, turned around. */
export interface ReverseResponse extends AnswerFacts {
  readonly reversed: string;
}

declare module "ai-lib/kit" {
  interface Kinds {
    reverse: { request: ReverseRequest; response: ReverseResponse; event: never };
  }
}

/** A kind of call that the library does not know, with its rules. */
export const reverseLaws: KindLaws<"reverse"> = {
  kind: "reverse",
  idempotent: true,
  validate() {},
  estimate: ({ text }) => ({ inputTokens: text.length, outputTokens: text.length }),
  requirements: () => TEXT_ONLY,
  isContent: () => false,
  accumulate() {
    throw new TypeError("Reversing does not stream");
  },
  respond: (reply) => reply,
  warningsOf: () => [],
  replay: () => [],
};
