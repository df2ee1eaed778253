import type { Cannot } from "../../../core/contract/dialect.js";

const NO_PARAMETER = "there is no such parameter";
const TEXT_ANSWERS = "answers are text";

/**
 * What Anthropic's messages cannot carry, and why: the reasons that warnings and refusals quote. Entries that begin
 * with `content` are about answers, in the server half.
 */
export const cannot: Cannot = {
  seed: NO_PARAMETER,
  presencePenalty: NO_PARAMETER,
  frequencyPenalty: NO_PARAMETER,
  logprobs: NO_PARAMETER,
  cacheKey: "caches are found only by prefix",
  metadata: "the only metadata is the end user's id: use `user`",
  continues: "the API stores no conversation: send all messages",
  "output.modalities": TEXT_ANSWERS,
  "output.audio": TEXT_ANSWERS,
  "responseFormat.json": "structured output needs a schema: ask for JSON in the prompt",
  "responseFormat.name": "schemas have no names",
  "responseFormat.description": "schemas have no description beside their own",
  "responseFormat.strict": "a schema is always followed exactly",
  "responseFormat.schema":
    "objects are closed, and keywords for numeric, length and pattern limits are left out",
  maxTokens: "it is required: a request without one gets the model's default",
  temperature: "the range is 0 to 1; models from 4.7 on and models that think accept only 1",
  topP: "not beside a temperature from 4.1 on, 0.95 to 1 with thinking, never from 4.7 on",
  topK: "not with thinking, and never from 4.7 on",
  stop: "a sequence of only white space is refused",
  "promptCache.prewarm": "a cache is filled by requests that are answered",
  "reasoning.effort":
    "models before Claude 4.6 accept a budget of tokens; the least effort is `low`, and `xhigh` needs 4.7",
  "reasoning.budgetTokens": "the minimum is 1024; models from Claude 4.7 on accept an effort",
  "reasoning.summary": "there is one kind of summary, `auto`",
  reasoning:
    "models that cannot think, a forced tool call, and a budget after calls made without thinking exclude it",
  serviceTier: "there is no flex tier, and only organizations that bought priority capacity have it",
  "tools.text-tool.grammar": "a grammar becomes a description of the text, which the model may not follow",
  toolChoice: "it needs tools",
  parallelToolCalls: "it needs tools",
  "tools.provider": "only Anthropic's own tools can be used",
  cache:
    "a request has 4 marks at most, on text, images, documents, calls, results and tools; lifetimes are 5m and 1h",
  promptCache: "lifetimes are `5m` and `1h`; marks have their own",
  maxToolCalls: "each tool of the provider has its own limit, `max_uses` in its options",
  logitBias: "there is no such parameter",
  prediction: "there is no such parameter",
  verbosity: "there is no such parameter",
  store: "answers are not stored",
  "toolChoice.names": "there are no lists of allowed tools: no other tools are offered",
  "toolChoice.mode": "a choice among the offered tools is one among all",
  "tools.outputSchema": "there is no schema of results",
  "tools.async": "the results of all calls follow their turn directly",
  "messages.system": "before Claude 4.8 all system messages precede the conversation",
  "messages.name": "users have no names",
  "messages.incomplete": "a turn that failed midway is left out",
  "messages.content.file.context": "only documents have a context",
  "messages.content.file.citations": "only documents are cited",
  "messages.content.file.clip": "there are no videos",
  "messages.content.tool-result.isError": "a failed result with media has a text for it",
  "messages.content.text.blank": "text of only white space is refused",
  "messages.prefill":
    "models from Claude 4.6 on continue no answer: end the conversation with a user message",
  "messages.content.text.prefill":
    "white space at the end of the model's own last turn is refused: it is cut",
  "messages.content.audio":
    "prompts cannot contain sound: its transcript is sent, and sound without one is refused",
  "messages.content.file": "only PDF, text and files in Anthropic's store are accepted; others are refused",
  "messages.content.image.detail": "Anthropic chooses the resolution itself",
  "messages.content.assistant-media": "the model's own turns cannot contain media",
  "messages.content.reasoning": "only signed thinking of the same family is sent back",
  "messages.content.refusal": "it is sent as text",
  "messages.content.source":
    "only citations that Anthropic gave are sent back, with the text that they support",
  "messages.content.mediaType": "it is not sent beside a URL or a stored file",
  "messages.content.logprobs": "log probabilities of an answer have no place in a prompt",
  "messages.content.tool-call.argumentsText":
    "a call whose arguments are not an object is sent without arguments",
  "messages.content.tool-call.executedBy": "only calls that Anthropic ran are sent back, with their results",
  "messages.content.tool-result.name": "results are found by the id of their call",
  "messages.content.compaction": "only its provider can read it; the turns before it are sent",
  "content.compaction": "only Claude's own are written",
  "content.text.logprobs": "there is no such field",
  "content.source.cites": "a citation supports the whole text part before it",
  "content.source.documentId": "it is not written beside a url",
  "content.reasoning.redacted": "only Anthropic's own redacted thinking can be written",
  "content.image": TEXT_ANSWERS,
  "content.audio": TEXT_ANSWERS,
  "content.file": "only files that code execution wrote to Anthropic's store can be named",
  "content.refusal": "an answer has one at most, at the end",
  "finishReason.stop": "an answer with a refusal ends as `content-filter`",
  "messages.content.origin": "state of another family is left out",
  "messages.extensions":
    "the system prompt has no fields of its own, and a turn of which nothing is left has no place for them",
  "messages.content.uploaded": "files in another provider's store are refused",
  "content.order":
    "in a whole reply sources follow the text that they support; a stream cannot change what it sent",
  "content.tool-call.executedBy": "calls that another provider ran are left out, with their results",
  "content.tool-result": "a result that Anthropic did not give is left out",
  "usage.inputByModality": "tokens are not counted by modality",
  "usage.outputByModality": "tokens are not counted by modality",
  "usage.cacheWrites": "the lifetimes are `5m` and `1h`",
  "refusal.explanation": "the text of refusal parts replaces it",
  "finishReason.other": "there is no word for an unknown reason: the answer counts as complete",
  "messages.content.text.phase": "progress comments are not distinguished from the answer",
  "content.text.phase": "progress comments are not distinguished from the answer",
};
