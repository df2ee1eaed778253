import type { Cannot } from "../../core/dialect.js";

/**
 * What has no place in this dialect, whatever endpoint speaks it. In a request each loss raises its warning, or is
 * refused where an answer would miss what the user showed; what single endpoints lack is in their quirks.
 */
export const cannot: Cannot = {
  continues: "chat completions keep no state that could be gone on from: refused",
  "reasoning.summary": "there is no field for it",
  "messages.*.content.audio.url": "sound goes as data alone: refused",
  "messages.*.content.image.uploaded": "a picture in a file store cannot be named: refused",
  "messages.*.content.audio.uploaded": "sound in a file store cannot be named: refused",
  "messages.assistant.content.image": "an assistant turn holds text, a refusal, spoken words and calls alone",
  "messages.assistant.content.file": "an assistant turn holds text, a refusal, spoken words and calls alone",
  "messages.assistant.content.source": "the sources of an earlier answer have no place in a request",
  "messages.assistant.content.executedBy": "what a provider's own tool did has no place in a request",
  "messages.assistant.content.argumentsText": "a call whose arguments were cut goes back without any",
  "messages.assistant.content.order":
    "each kind of part has one place: texts are joined, and calls come last",
  "messages.tool.content.isError": "a tool result has no mark for a failure",
  "messages.tool.content.name": "a tool result names its call, not its tool",
  "response.content.order":
    "a whole reply has one place for each kind of part; a stream keeps more of the order",
  "response.content.file": "an answer has no place for a file",
  "response.content.redacted": "state without text is told by its state alone",
  "response.content.audio.mediaType": "a reply does not name it; it is told from the first bytes",
  "response.content.origin":
    "state of another family crosses as a sealed block, which only a server half opens",
  "response.content.source.documentId": "a citation names a URL",
  "response.rawFinishReason": "an ending has the dialect's own words",
  "response.usage.raw": "usage is written in the dialect's own words",
  "response.usageStatus": "estimated usage looks like any other",
};
