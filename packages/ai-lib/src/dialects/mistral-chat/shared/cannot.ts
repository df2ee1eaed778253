import type { Cannot } from "../../../core/contract/dialect.js";

const CACHES = "the prompt cache has no marks: it is keyed as a whole, by `cacheKey`";
const TEXT_ANSWERS = "answers are text";
const NOT_RUN = "what a provider ran is left out, with its results";

/**
 * What Mistral's chat API cannot carry, and why: the reasons that warnings and refusals quote. Entries that begin with
 * `content` are about answers, in the server half.
 */
export const cannot: Cannot = {
  topK: "there is no such parameter",
  user: "there is no field for the end user",
  continues: "the API stores no conversation: send all messages",
  "reasoning.effort": "each model accepts some words of effort: the closest is sent",
  "reasoning.budgetTokens": "thinking is requested by effort, without a budget of tokens",
  "reasoning.summary": "thinking is not summarized",
  "output.modalities": TEXT_ANSWERS,
  "output.audio": TEXT_ANSWERS,
  "tools.cache": CACHES,
  "tools.provider": "only Mistral's own tools can be used",
  "messages.cache": CACHES,
  "messages.content.cache": CACHES,
  "messages.name": "users have no names",
  "messages.incomplete": "a turn that failed midway is left out",
  "messages.empty": "an assistant turn with neither content nor calls is refused: it is left out",
  "messages.tool": "adjacent results become one message, whose extensions go to each",
  "messages.content.uploaded": "a file in another provider's store is refused",
  "messages.content.uploaded.image": "an image or sound of a store is read as a file",
  "messages.content.mediaType": "it is not sent beside a URL",
  "messages.content.logprobs": "log probabilities of an answer have no place in a prompt",
  "messages.content.transcript": "sound is sent without its transcript",
  "messages.content.origin": "only thinking has state, and state of another family is left out",
  "messages.content.reasoning.redacted": "withheld thinking is left out, or sent as its signature alone",
  "messages.content.refusal": "a refusal is sent as text",
  "messages.content.source": "a source needs a URL, a title or the id of a document",
  "messages.content.source.cites": "references have no positions",
  "messages.content.source.quote": "a source without a URL is the id of a document alone",
  "messages.content.tool-call.argumentsText": "a call whose arguments were cut is left out, with its result",
  "messages.content.tool-call.executedBy": NOT_RUN,
  "messages.content.tool-result.isError": "results have no mark for errors",
  "messages.content.tool-result.executedBy": NOT_RUN,
  "messages.content.tool-result.content": "media of a result follow the results, in a user message",
  "content.order": "tool calls come after everything else, and neighbouring texts are joined",
  "content.refusal": "a refusal is written as text",
  "content.reasoning": "withheld thinking has nothing to show",
  "content.source.quote": "a source without a URL is the id of a document alone",
  "content.source.cites": "a source follows what it supports, without positions",
  "content.image": "an image of another store cannot be named",
  "content.audio": "sound has no transcript, and none of another store can be named",
  "content.file": "a file of another store cannot be named",
  "content.tool-call.executedBy": "what a provider ran is left out of answers",
  "content.tool-result": "what a provider ran is left out of answers",
  "usage.cacheWriteInputTokens": "writes to the cache are not counted",
  "usage.cacheWrites": "writes to the cache are not counted by lifetime",
  "usage.toolUses": "uses of tools are not counted",
  "usage.passes": "passes are not counted apart",
  "usage.inputByModality": "only tokens of sound are counted apart",
  "usage.outputByModality": "tokens are not counted by modality",
  rawFinishReason: "words of other dialects become Mistral's",
};
