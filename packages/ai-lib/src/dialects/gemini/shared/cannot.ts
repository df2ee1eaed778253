import type { Cannot } from "../../../core/contract/dialect.js";

/**
 * What this dialect cannot carry. Paths are those of the request's and the response's fields; each loss raises a
 * warning that names the field.
 */
export const cannot: Cannot = {
  parallelToolCalls: "several calls may always come in one answer; there is no field to forbid it",
  cacheKey: "requests cannot be routed to a cache by a key",
  user: "there is no field for an end user",
  metadata: "there is no field for metadata; labels of Vertex go into extensions",
  continues: "the provider keeps no state of a conversation; a request with it is refused",
  "messages.cache": "prompts are cached by themselves, or as cachedContent through extensions",
  "messages.content.cache": "as messages.cache",
  "tools.cache": "as messages.cache",
  "messages.name": "users have no names",
  "messages.role.system": "instructions stand above the conversation: one that comes later is moved there",
  "messages.content.refusal": "refusals have no part of their own: they are written as text",
  "messages.content.source": "citations have no place in a request",
  "messages.content.reasoning.redacted":
    "thinking has no mark for what was withheld; without text and signature it cannot be written",
  "messages.content.origin": "state of another family is left out",
  "messages.content.detail": "how closely to look is set for a whole request, through extensions",
  "messages.content.name": "files have no names",
  "messages.content.transcript": "a transcript has no place beside its sound",
  "messages.content.uploaded":
    "a file in the provider's store is named by its URI, so a server reads it as a URL",
  "messages.content.logprobs": "log probabilities have no place in a request",
  "messages.content.tool-call.argumentsText": "a call whose arguments were cut, and its result, are left out",
  "messages.content.tool-result.content":
    "texts of one result are joined by line breaks; media of a tool's result follow its text",
  "toolChoice.auto": "the default is not written where it changes nothing",
  "tools.strict":
    "strictness is a mode of all functions together (VALIDATED): with some strict it is left out",
  "responseFormat.name": "schemas have no name",
  "responseFormat.description": "schemas have no description but their own",
  "responseFormat.strict": "schemas are always followed",
  "reasoning.effort": "models of generation 2.5 take a budget of tokens, and none knows more than high",
  "reasoning.summary": "summaries come in one form",
  "output.audio.format": "speech comes as the model gives it",
  "usage.cacheWriteInputTokens": "writes to the cache are not counted",
  "content.refusal": "as messages.content.refusal",
  "content.reasoning.redacted": "as messages.content.reasoning.redacted",
  "content.text":
    "an empty text without state is not written, and neighbouring texts without state are joined",
  "content.order": "sources stand at the end",
  "content.tool-call.argumentsText":
    "arguments that were cut are no object, so they are written as a call without arguments",
  "content.source.cites": "a place in the text counts only where the part that it names is text",
  "tools.provider": "only Google's own",
  "messages.extensions": "a turn of which nothing is left has no place for them",
  "messages.content.url":
    "what is named by a URL whose ending tells nothing, without a media type, is read as a file",
  "content.image":
    "files have no detail, and a URL whose ending tells nothing, without a media type, is read as a file",
  "content.audio":
    "sound has no transcript, and a URL whose ending tells nothing, without a media type, is read as a file",
  "content.file": "files have no names, and none lies in a store but Google's",
  "content.tool-result": "a result is text",
};
