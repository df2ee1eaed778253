import type { Cannot } from "../../../core/contract/dialect.js";

const CACHES = "prompts are cached automatically, or as `cachedContent` through extensions";
const REFUSALS = "there is no part for refusals: they are written as text";
const NO_TYPE = "a URL whose ending shows no type, without a media type, is read as a file";

/**
 * What Gemini's API cannot carry, and why: the reasons that warnings and refusals quote. Entries that begin with
 * `content` are about answers, in the server half.
 */
export const cannot: Cannot = {
  parallelToolCalls: "an answer may always have several calls; there is no field to forbid it",
  cacheKey: "requests cannot be routed to a cache by a key",
  user: "there is no field for the end user",
  metadata: "there is no field for metadata; labels of Vertex go into extensions",
  continues: "the API stores no conversation: send all messages",
  promptCache: "prefixes are cached automatically; a stored prefix is `cachedContent` in the extensions",
  maxToolCalls: "there is no such parameter",
  logitBias: "there is no such parameter",
  prediction: "there is no such parameter",
  verbosity: "there is no such parameter",
  contextManagement: "there is no such parameter",
  store: "answers are not stored",
  serviceTier: "the tiers are flex, standard and priority",
  "tools.text-tool.grammar": "a grammar becomes a description of the text, which the model may not follow",
  "toolChoice.names": "a list of functions is for calls that are required: else no other tools are offered",
  "toolChoice.mode": "a choice among the offered tools is one among all",
  "tools.examples": "there is no such field",
  "tools.deferLoading": "there is no such field",
  "tools.eager": "there is no such field",
  "tools.callers": "only the model itself calls tools",
  "tools.async": "the results of all calls follow their turn directly",
  "messages.cache": CACHES,
  "messages.content.file.context": "documents have no context",
  "messages.content.file.citations": "citations cannot be requested",
  "messages.content.file.clip": "only videos have a clip",
  "messages.content.cache": CACHES,
  "tools.cache": CACHES,
  "messages.name": "users have no names",
  "messages.incomplete": "a turn that failed midway is left out",
  "messages.role.system": "instructions precede the conversation: later ones are moved there",
  "messages.content.refusal": REFUSALS,
  "messages.content.source": "citations have no place in a request",
  "messages.content.reasoning":
    "thinking of another family, and thinking without text and signature, is left out",
  "messages.content.reasoning.redacted": "thinking has no mark for withheld text",
  "messages.content.origin": "state of another family is left out",
  "messages.content.detail":
    "the resolution is set for a whole request, as `generationConfig.mediaResolution` through extensions",
  "messages.content.name": "files have no names",
  "messages.content.transcript": "a transcript has no place beside its sound",
  "messages.content.uploaded":
    "a file in the provider's store is named by its URI, which a server reads as a URL; files in other stores are refused",
  "messages.content.logprobs": "log probabilities of an answer have no place in a prompt",
  "messages.content.tool-call.argumentsText":
    "a call whose arguments are not an object is sent without arguments",
  "messages.content.tool-call.executedBy": "only calls that Google ran are sent back, with their results",
  "messages.content.tool-result.content":
    "texts of one result are joined by line breaks, and media of a result follow its text",
  "toolChoice.auto": "it is the default, and not written where it changes nothing",
  "tools.strict":
    "strictness is a mode of all functions together (`VALIDATED`): if only some are strict, it is left out",
  "responseFormat.name": "schemas have no names",
  "responseFormat.description": "schemas have no description beside their own",
  "responseFormat.strict": "a schema is always followed",
  "reasoning.keep": "the model decides what it sees of earlier thinking",
  "reasoning.when": "the model decides when it thinks",
  "promptCache.prewarm": "a cache is filled by requests that are answered",
  "reasoning.effort": "models of generation 2.5 accept a budget of tokens, and no level is above `high`",
  "reasoning.summary": "there is one kind of summary",
  "output.audio.format": "the model decides the format of speech",
  "usage.cacheWriteInputTokens": "writes to the cache are not counted",
  "messages.content.compaction": "only its provider can read it; the turns before it are sent",
  "content.compaction": "there are none in answers",
  "content.refusal": REFUSALS,
  "content.reasoning.redacted": "thinking has no mark for withheld text",
  "content.text": "empty text without state is not written, and neighbouring texts without state are joined",
  "content.order": "sources come at the end",
  "content.tool-call.argumentsText":
    "arguments that were cut are not an object: the call is written without arguments",
  "content.source.cites": "a place in the text counts only if the part that it names is text",
  "tools.provider": "only Google's own tools can be used",
  "messages.extensions": "parts without an object of their own, or that are left out, have no place for them",
  "messages.content.url": NO_TYPE,
  "content.image": `images have no detail, and ${NO_TYPE}`,
  "content.audio": `sound has no transcript, and ${NO_TYPE}`,
  "content.file": "files have no names, and only Google's store can be named",
  "content.tool-call.executedBy": "calls that another provider ran are left out, with their results",
  "content.tool-result": "a result is text; one that another provider gave is left out",
  "finishReason.stop": "an answer with a refusal ends as `content-filter`",
  "finishReason.paused":
    "a pause is written as the token limit, which also means that the answer is incomplete",
  "usage.cacheWrites": "writes to the cache are not counted by lifetime",
  "usage.toolUses": "uses of tools are not counted",
  "usage.passes": "passes are not counted apart",
  refusal: "the finish reason names the policy",
  cacheMiss: "the cache reports no reasons",
  "messages.content.text.phase": "progress comments are not distinguished from the answer",
  "content.text.phase": "progress comments are not distinguished from the answer",
};
