import type { TextPart } from "../../../core/values/message.js";

type Phase = NonNullable<TextPart["phase"]>;

/** The phase of a message item; undefined for none and for unknown words, which stay state. */
export function decodePhase(word: unknown): Phase | undefined {
  return word === "commentary" ? word : word === "final_answer" ? "final-answer" : undefined;
}

/** The word for a phase. https://platform.openai.com/docs/guides/latest-model */
export function encodePhase(phase: Phase | undefined): string | undefined {
  return phase === "final-answer" ? "final_answer" : phase;
}
