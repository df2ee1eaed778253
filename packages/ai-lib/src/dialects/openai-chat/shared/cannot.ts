import type { Cannot } from "../../../core/contract/dialect.js";

const MARKS = "this endpoint accepts no cache marks: it caches automatically or not at all";
const NO_TOOLS = "it needs tools";

/**
 * What OpenAI's chat completions cannot carry, whatever endpoint serves them, and why: the reasons that warnings and
 * refusals quote. What single endpoints do not accept is in their quirks. Entries that begin with `content` are about
 * answers, in the server half.
 */
export const cannot: Cannot = {
  continues: "chat completions store no conversation: send all messages",
  topK: "there is no such parameter, and this endpoint is not known to add it",
  cacheKey: "this endpoint is not known to route requests to a cache by a key",
  serviceTier: "this endpoint has no such tier",
  "tools.text-tool.grammar": "a grammar becomes a description of the text, which the model may not follow",
  toolChoice: NO_TOOLS,
  parallelToolCalls: NO_TOOLS,
  reasoning: "thinking cannot be controlled at this endpoint",
  "reasoning.effort": "each endpoint accepts some words of effort: the closest is sent",
  "reasoning.budgetTokens": "this endpoint accepts no budget of tokens for thinking",
  "reasoning.summary": "there is no such parameter: an endpoint shows its thinking always or never",
  "tools.provider": "only tools that the endpoint runs can be used",
  "tools.cache": MARKS,
  promptCache: "this endpoint caches prefixes automatically, without parameters",
  maxToolCalls: "there is no such parameter",
  contextManagement: "there is no such parameter",
  "toolChoice.names":
    "this endpoint is not known to accept a list of allowed tools: no other tools are offered",
  "toolChoice.mode": "a choice among the offered tools is one among all",
  "tools.outputSchema": "there is no schema of results",
  "tools.examples": "there is no such field",
  "tools.deferLoading": "there is no such field",
  "tools.eager": "arguments are always streamed",
  "tools.callers": "only the model itself calls tools",
  "tools.async": "the results of all calls follow their turn directly",
  "messages.cache": MARKS,
  "messages.content.file.context": "documents have no context",
  "messages.content.file.citations": "citations cannot be asked for",
  "messages.content.file.clip": "videos are sent whole",
  "messages.content.cache": MARKS,
  "messages.incomplete": "a turn that failed midway is left out",
  "messages.extensions":
    "a turn of which nothing is left has no place for them; a refusal, spoken words and thinking are bare text",
  "messages.content.extensions": "a refusal, spoken words and thinking are bare text, without fields",
  "messages.content.audio.url":
    "sound must be bytes; at a URL it is refused unless `fetchMedia` is set, in a file store always",
  "messages.content.image.uploaded": "an image is a URL or bytes; one in a file store is refused",
  "messages.content.uploaded": "a file in another provider's store is refused",
  "messages.content.origin": "state of another family is left out",
  "messages.content.reasoning": "this endpoint is not known to accept earlier thinking",
  "messages.content.logprobs": "log probabilities of an answer have no place in a prompt",
  "messages.content.transcript": "sound is sent without its transcript",
  "messages.content.file": "the model's own turns and results of tools hold no files",
  "messages.content.source": "citations have no place in a request",
  "messages.content.assistant-audio":
    "an earlier spoken answer without its id is sent as its transcript, or left out if it has none",
  "messages.content.assistant-media": "the model's own turns hold no images and no files",
  "messages.content.image": "the model's own turns hold no images",
  "messages.content.tool-call.argumentsText":
    "a call whose arguments are no object is sent without arguments",
  "messages.content.tool-call.executedBy": "calls that a provider ran are left out, with their results",
  "messages.content.tool-result.executedBy": "calls that a provider ran are left out, with their results",
  "messages.content.tool-result.content": "media of a result follow the results, in a user message",
  "messages.content.tool-result.isError": "results have no mark for errors",
  "messages.content.tool-result.name": "results are found by the id of their call",
  "messages.content.order": "each kind of part has one place: texts are joined, and calls come last",
  "messages.content.compaction": "only its provider can read it; the turns before it are sent",
  "content.compaction": "there are none in answers",
  "content.order": "thinking stands first, then text, refusal, media and calls; sources come last",
  "content.origin": "state of another family is wrapped, and only a server half reads it again",
  "content.source": "a source has a URL, a title and a quote, and the place of a whole text",
  "content.reasoning.redacted": "thinking is written as text, and state without text as state alone",
  "content.image": "an image is a URL or bytes, without detail; one of a store is left out",
  "content.audio":
    "sound is bytes of a few types, which are not named; of any other the transcript is written as text",
  "content.file": "answers hold no files",
  "content.tool-result": "a result that a provider ran is text without a mark for failure",
  "usage.raw": "usage is written in the form of OpenAI",
  usageStatus: "estimated usage is marked by `estimated`, which is no field of the vendor",
  "usage.cacheWrites": "writes to the cache are not counted by lifetime",
  "usage.passes": "passes are not counted apart",
  "usage.inputByModality.pdf": "there is no count of tokens of documents",
  "usage.outputByModality.pdf": "there is no count of tokens of documents",
  rawFinishReason: "words of other dialects become OpenAI's",
  refusal: "answers have no place for it",
  cacheMiss: "the cache tells no reasons",
  "finishReason.other": "there is no word for an unknown reason: the answer counts as whole",
  "finishReason.paused": "there is no word for a pause: the answer ends as at its limit",
  "messages.content.text.phase": "what a model says on the way is not told apart",
  "content.text.phase": "what a model says on the way is not told apart",
};
