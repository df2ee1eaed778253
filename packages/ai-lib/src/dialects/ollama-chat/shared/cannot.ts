import type { Cannot } from "../../../core/contract/dialect.js";

const CACHES = "prompts are cached by their prefix, without marks or keys";
const TEXT_ANSWERS = "answers are text";
const NO_CHOICE = "there is no tool choice";
const NOT_RUN = "the server runs no tools: what another provider ran is left out, with its results";

/**
 * What Ollama's chat API cannot carry, and why: the reasons that warnings and refusals quote. Entries that begin with
 * `content` are about answers, in the server half.
 */
export const cannot: Cannot = {
  toolChoice: NO_CHOICE,
  "toolChoice.none": `${NO_CHOICE}: the tools are left out instead`,
  parallelToolCalls: "an answer may always have several calls; there is no field to forbid it",
  "tools.provider": "the server runs no tools",
  "tools.cache": CACHES,
  "tools.strict": "arguments are not held to their schema",
  "responseFormat.name": "schemas have no names",
  "responseFormat.description": "schemas have no description beside their own",
  "responseFormat.strict": "a schema is always followed",
  "reasoning.effort": "the levels are low, medium and high",
  "reasoning.budgetTokens": "thinking has no budget of tokens",
  "reasoning.summary": "thinking is not summarized",
  "output.modalities": TEXT_ANSWERS,
  "output.audio": TEXT_ANSWERS,
  serviceTier: "there are no service tiers",
  cacheKey: CACHES,
  continues: "the server stores no conversation: send all messages",
  user: "there is no field for the end user",
  metadata: "there is no field for metadata",
  "messages.cache": CACHES,
  "messages.content.cache": CACHES,
  "messages.name": "users have no names",
  "messages.incomplete": "a turn that failed midway is left out",
  "messages.content": "texts of one message are joined by line breaks, and its images follow them",
  "messages.content.extensions": "a message is one text: its parts have no fields of their own",
  "messages.content.image": "an image must be bytes; one at a URL or in a file store is refused",
  "messages.content.image.mediaType": "images have no type; the server detects it",
  "messages.content.image.detail": "there is no such field",
  "messages.content.audio": "messages hold no sound; it is refused",
  "messages.content.file": "messages hold no files; they are refused",
  "messages.content.assistant-media": "the model's own turns hold no media",
  "messages.content.origin": "the server gives no state; state of another family is left out",
  "messages.content.reasoning": "thinking of another family is left out",
  "messages.content.reasoning.redacted": "thinking has no mark for withheld text",
  "messages.content.refusal": "a refusal is sent as text",
  "messages.content.source": "citations have no place in a message",
  "messages.content.logprobs": "log probabilities of an answer have no place in a prompt",
  "messages.content.tool-call.argumentsText": "a call whose arguments were cut is left out, with its result",
  "messages.content.tool-call.executedBy": NOT_RUN,
  "messages.content.tool-result": NOT_RUN,
  "messages.content.tool-result.isError": "results have no mark for errors",
  "messages.content.tool-result.content": "images of a result follow the results, in a user message",
  "messages.extensions": "a turn of which nothing is left has no place for them",
  id: "answers have no id",
  "content.order": "thinking stands first, then text, images and calls; neighbouring texts are joined",
  "content.refusal": "a refusal is written as text",
  "content.source": "citations are left out of answers",
  "content.image": "images are bytes",
  "content.audio": "sound is left out of answers",
  "content.file": "files are left out of answers",
  "content.origin": "answers carry no state",
  "content.reasoning.redacted": "thinking is written as text",
  "content.tool-call.argumentsText":
    "arguments that were cut are not an object: the call is written without any",
  "content.tool-call.executedBy": "what a provider ran is left out of answers",
  "content.tool-result": "what a provider ran is left out of answers",
  "usage.cachedInputTokens": "cached tokens are not counted",
  "usage.cacheWriteInputTokens": "cached tokens are not counted",
  "usage.reasoningTokens": "tokens of thinking are not counted apart",
  rawFinishReason: "words of other dialects become Ollama's",
};
