import type { Cannot } from "../../../core/contract/dialect.js";

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
  "response.content.redacted": "state without text is told by its state alone",
  "response.content.audio.mediaType": "a reply does not name it; it is told from the first bytes",
  "response.content.origin":
    "state of another family crosses as a sealed block, which only a server half opens",
  "response.content.source.documentId": "a citation names a URL",
  "response.rawFinishReason": "an ending has the dialect's own words",
  "response.usage.raw": "usage is written in the dialect's own words",
  "response.usageStatus": "estimated usage looks like any other",
  topK: "there is no such parameter",
  cacheKey: "only where the endpoint is known to take it",
  "reasoning.effort": "words that the endpoint does not know become the nearest that it does",
  "reasoning.budgetTokens": "thinking is measured in words of effort alone",
  parallelToolCalls: "needs tools",
  "tools.provider": "only the endpoint's own",
  "tools.cache": "only where the endpoint is known to take marks",
  "messages.cache": "only where the endpoint is known to take marks",
  "messages.content.cache": "only where the endpoint is known to take marks",
  "messages.extensions":
    "a turn of which nothing is left has no place for them, and a refusal, spoken words and thinking are mere text",
  "messages.content.origin": "state of another family is left out",
  "messages.content.reasoning": "only where the endpoint is known to take thinking back",
  "messages.content.logprobs": "log probabilities are no part of a prompt",
  "messages.content.transcript": "sound is sent without its transcript",
  "messages.content.file": "an assistant turn and a tool result hold no files",
  "messages.content.tool-call": "what a provider ran is left out with its result",
  "messages.content.tool-result": "a result is text, without media",
  "content.order": "thinking stands first, then text, refusal, media and calls; sources come last",
  "content.source": "a source has a URL, a title and a quote, and the place of a whole text",
  "content.reasoning.redacted": "thinking is written as text",
  "content.image": "a picture is a URL or bytes, without detail; one of a store is left out",
  "content.audio": "sound is bytes, of a few types; of any other the transcript is written as text",
  "content.file": "answers hold no files",
  "content.tool-result": "a result that a provider ran is text without a mark for failure",
};
