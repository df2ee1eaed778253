import type { Cannot } from "../../../core/contract/dialect.js";

const CACHES = "caches are found by prefix alone";
const TEXT_ANSWERS = "answers are text";
const NOT_RUN = "the API runs no tools: what another provider ran is left out, with its results";
const OWN_TOKENS = "only the tokens of the answer have probabilities, not the alternatives";
const PENALTY = "the range is 0 to 1";

/**
 * What Cohere's chat API cannot carry, and why: the reasons that warnings and refusals quote. Entries that begin with
 * `content` are about answers, in the server half.
 */
export const cannot: Cannot = {
  parallelToolCalls: "there is no such parameter",
  "toolChoice.auto": "it is the default, and not written",
  "toolChoice.name": "a choice cannot name a tool: the tool is the only one offered",
  "responseFormat.name": "schemas have no names",
  "responseFormat.description": "schemas have no description beside their own",
  "responseFormat.strict": "a schema is always followed",
  topP: "the range is 0.01 to 0.99",
  topK: "the range is 0 to 500",
  stop: "at most 5 sequences are accepted; the others are left out",
  presencePenalty: PENALTY,
  frequencyPenalty: PENALTY,
  logprobs: OWN_TOKENS,
  "reasoning.effort": "thinking is on or off, or has a budget",
  "reasoning.budgetTokens": 'the effort "none" turns thinking off',
  "reasoning.summary": "thinking is not summarized",
  "output.modalities": TEXT_ANSWERS,
  "output.audio": TEXT_ANSWERS,
  serviceTier: "there are no service tiers",
  cacheKey: CACHES,
  continues: "the API stores no conversation: send all messages",
  user: "there is no field for the end user",
  metadata: "there is no field for metadata",
  "tools.strict": "there is one switch for all tools: all are strict if one is",
  "tools.provider": "the API runs no tools",
  "tools.cache": CACHES,
  "messages.cache": CACHES,
  "messages.content.cache": CACHES,
  "messages.name": "users have no names",
  "messages.incomplete": "a turn that failed midway is left out",
  "messages.empty": "an assistant turn with neither content nor calls is refused: it is left out",
  "messages.tool": "adjacent results become one message, whose extensions go to each",
  "messages.content.audio": "prompts hold no sound; it is refused",
  "messages.content.file": "text becomes a document beside the messages; any other file is refused",
  "messages.content.uploaded": "there is no file store; a stored file is refused",
  "messages.content.mediaType": "it is not sent beside a URL",
  "messages.content.assistant-media": "the model's own turns hold no media",
  "messages.content.origin": "only plans and citations have state, and state of another family is left out",
  "messages.content.logprobs": "log probabilities of an answer have no place in a prompt",
  "messages.content.reasoning.redacted": "withheld thinking is left out",
  "messages.content.refusal": "a refusal is sent as text",
  "messages.content.source": "only sources that name what they support are sent back",
  "messages.content.extensions": "sources and plans have no object of their own for them",
  "messages.content.tool-call.argumentsText": "a call whose arguments were cut is left out, with its result",
  "messages.content.tool-call.executedBy": NOT_RUN,
  "messages.content.tool-result.name": "results are found by the id of their call",
  "messages.content.tool-result.isError": "results have no mark for errors",
  "messages.content.tool-result.executedBy": NOT_RUN,
  "messages.content.tool-result.content": "images of a result follow the results, in a user message",
  "messages.extensions": "a turn of which nothing is left has no place for them",
  model: "answers do not name the model",
  rawFinishReason: "words of other dialects become Cohere's",
  "usage.cacheWriteInputTokens": "writes to the cache are not counted",
  "content.order": "plans come first, sources follow the text that they support, calls come last",
  "content.refusal": "a refusal is written as text",
  "content.reasoning.redacted": "thinking is written as text",
  "content.image": TEXT_ANSWERS,
  "content.audio": TEXT_ANSWERS,
  "content.file": TEXT_ANSWERS,
  "content.source.cites": "a source without a text before it supports what comes next",
  "content.text.logprobs": OWN_TOKENS,
  "content.tool-call.executedBy": "what a provider ran is left out of answers",
  "content.tool-result": "what a provider ran is left out of answers",
  "finishReason.paused":
    "a pause is written as the token limit, which also means that the answer is not whole",
};
