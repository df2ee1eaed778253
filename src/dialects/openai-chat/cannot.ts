import type { Cannot } from "../../core/dialect.js";

/** What a body of this dialect has no place for, whatever endpoint it goes to; each loss raises its warning. */
export const cannot: Cannot = {
  continues: "chat completions keep no state that could be gone on from",
  "reasoning.summary": "there is no field for it",
  "messages.*.content.*.isError": "a tool result has no mark for a failure",
  "messages.*.content.*.source": "the sources of an earlier answer have no place in a request",
  "messages.*.content.*.executedBy": "what a provider's own tool did has no place in a request",
  "messages.*.content.image": "a tool result and an assistant turn hold text alone",
  "messages.*.content.*.uploaded": "a picture or sound in a file store cannot be named",
  "messages.*.content.audio.url": "sound goes as data alone",
};
