import { describeAnswers } from "./answers.js";
import { describeErrors } from "./errors.js";
import { describeOwnWords } from "./own-words.js";
import { describeRequests } from "./requests.js";
import { describeStreams } from "./streams.js";
import type { LawSubject } from "./subject.js";
import { describeWire } from "./wire.js";

/**
 * Holds the two halves of a dialect against each other, over everything that the contract can say. Nothing may be
 * lost in silence: a fact that does not come back was named in a warning, and `cannot` lists it.
 */
export function describeLaws(subject: LawSubject): void {
  describeRequests(subject);
  describeAnswers(subject);
  describeStreams(subject);
  describeOwnWords(subject);
  describeErrors(subject);
  describeWire(subject);
}
