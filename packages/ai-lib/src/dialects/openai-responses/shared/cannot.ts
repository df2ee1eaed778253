import type { Cannot } from "../../../core/contract/dialect.js";

const NO_PARAMETER = "there is no such parameter";
const MARKS =
  "only gpt-5.6 and later accept marks, on content of users and of results: other prefixes are cached automatically";
const NO_SOUND = "answers cannot contain sound";
const OWN_MEDIA = "the model's own turns can contain only images that its own tool made";
const RUN_ELSEWHERE = "calls that another provider ran are left out, with their results";

/**
 * What OpenAI's responses cannot carry, and why: the reasons that warnings and refusals quote. Entries that begin with
 * `content` are about answers, in the server half.
 */
export const cannot: Cannot = {
  topK: NO_PARAMETER,
  stop: NO_PARAMETER,
  seed: NO_PARAMETER,
  presencePenalty: NO_PARAMETER,
  frequencyPenalty: NO_PARAMETER,
  continues: "only a response in the provider's own store can be continued",
  "output.modalities.image": "images come from the tool `openai/image_generation`",
  "output.modalities.audio": NO_SOUND,
  "output.modalities": "images come from the tool `openai/image_generation`, and there is no sound",
  "output.audio": NO_SOUND,
  "reasoning.when": "the model decides when it thinks",
  "reasoning.effort": "each endpoint accepts some words of effort: the closest is sent",
  "reasoning.budgetTokens": "thinking is requested by effort, without a budget of tokens",
  metadata: "values must be strings: others become JSON text",
  serviceTier: "this endpoint has no such tier",
  "tools.text-tool.grammar": "a grammar becomes a description of the text, which the model may not follow",
  "tools.cache": MARKS,
  "tools.provider": "only the provider's own tools can be used",
  promptCache: "only gpt-5.6 and later have parameters for it; other prefixes are cached automatically",
  logitBias: "there is no such parameter",
  prediction: "there is no such parameter",
  "contextManagement.clearToolResults": "old results stay: a conversation can only be summarized",
  "tools.examples": "there is no such field",
  "tools.eager": "arguments are always streamed",
  "tools.outputSchema": "only OpenAI's own endpoint accepts it",
  "tools.deferLoading": "only OpenAI's own endpoint accepts it",
  "tools.callers": "only OpenAI's own endpoint accepts it",
  "tools.async": "only OpenAI's own endpoint accepts it",
  "messages.cache": MARKS,
  "messages.name": "users have no names",
  "messages.incomplete": "a turn that failed midway is left out",
  "messages.extensions":
    "a turn becomes items: its own fields go on the items of its texts, and are lost if it has none",
  "messages.role.assistant": "adjacent turns that have parts are one when a server reads them",
  "messages.role.tool": "adjacent turns of results are one when a server reads them",
  "messages.content.file.context": "documents have no context",
  "messages.content.file.citations": "citations cannot be requested",
  "messages.content.file.clip": "videos are sent without a clip",
  "messages.content.cache": MARKS,
  "messages.content.audio":
    "this endpoint is not known to accept sound; it is refused: transcribe it, or use a model behind `openai-chat`",
  "messages.content.transcript": "sound is sent without its transcript",
  "messages.content.file.name": "bytes need a name; a file without one gets a generated name",
  "messages.content.uploaded": "a file in another provider's store is refused",
  "messages.content.image": OWN_MEDIA,
  "messages.content.file": "the model's own turns cannot contain files",
  "messages.content.assistant-media": OWN_MEDIA,
  "messages.content.logprobs": "log probabilities of an answer have no place in a prompt",
  "messages.content.text.empty": "an empty text among parts is left out when a server reads it",
  "messages.content.origin": "state of another family is left out",
  "messages.content.reasoning":
    "only reasoning of the same family is sent back: encrypted, stored, or of an open model",
  "messages.content.source": "a source needs its place in a text, a title, and a URL or a file",
  "messages.content.source.quote": "citations have no quotes",
  "messages.content.source.extensions": "citations take no fields of their own",
  "messages.content.tool-call.executedBy": RUN_ELSEWHERE,
  "messages.content.tool-result.executedBy": RUN_ELSEWHERE,
  "messages.content.tool-result.isError": "results of functions have no mark for errors",
  "messages.content.tool-result.name": "results are found by the id of their call",
  "messages.content.compaction": "only its provider can read it; the turns before it are sent",
  "content.compaction": "its summary is encrypted: only its state is written",
  "content.order":
    "sources follow the text that they support; in a stream, they go to an empty text once that text has ended",
  "content.text.empty": "an empty text is not read back",
  "content.origin":
    "ids are made if there are none; state of another family is wrapped, and only a server half reads it again",
  "content.source": "a source needs a URL or a document, and belongs to a text",
  "content.source.quote": "citations have no quotes",
  "content.reasoning.redacted": "thinking is written as text",
  "content.image": "only images as bytes, as its own tool makes them",
  "content.image.url": "an image is bytes",
  "content.audio": NO_SOUND,
  "content.file": "answers cannot contain files",
  "content.tool-call.executedBy":
    "a call that another provider ran is written as one of a remote server's tool",
  "content.tool-result": "a result that another provider gave is text",
  "content.tool-result.content": "a result that another provider gave is text, or the JSON of its parts",
  "usage.cacheWrites": "the lifetimes are `30m` and `12h`",
  "usage.passes": "passes are not counted apart",
  "usage.inputByModality.pdf": "there is no count of tokens of documents",
  "usage.outputByModality.pdf": "there is no count of tokens of documents",
  rawFinishReason: "words of other dialects are replaced by OpenAI's",
  refusal: "answers have no place for it",
  "finishReason.other": "there is no word for an unknown reason: the answer counts as complete",
  "finishReason.paused": "there is no word for a pause: the answer ends with the reason for a token limit",
};
