import type { Cannot } from "../../../core/contract/dialect.js";

const NO_PARAMETER = "there is no such parameter";

/**
 * What Bedrock's Converse cannot carry, and why: the reasons that warnings and refusals quote. Entries that begin
 * with `content` are about answers, in the server half.
 */
export const cannot: Cannot = {
  seed: NO_PARAMETER,
  presencePenalty: NO_PARAMETER,
  frequencyPenalty: NO_PARAMETER,
  logprobs: NO_PARAMETER,
  cacheKey: "caches are found by prefix alone",
  user: NO_PARAMETER,
  metadata: "values are text, 16 at most: others become JSON text",
  continues: "the API stores no conversation: send all messages",
  "output.modalities": "the model decides",
  "output.audio": NO_PARAMETER,
  "responseFormat.json": "structured output needs a schema: ask for JSON in the prompt",
  "responseFormat.strict": "a schema is always followed exactly",
  "responseFormat.schema":
    "objects are closed, and keywords for numeric, length and pattern limits are left out",
  temperature: "Claude accepts 0 to 1, and only 1 where it thinks and from 4.7 on",
  topP: "with Claude not beside a temperature from 4.1 on, 0.95 to 1 with thinking, never from 4.7 on",
  topK: "only Claude and Nova have a known field for it; Claude accepts none with thinking, and none from 4.7 on",
  stop: "a sequence of white space alone is refused",
  reasoning:
    "only Claude, Nova 2, gpt-oss and Qwen have a known field for it; Claude accepts none where a tool is forced or, with a budget, after calls made without thinking",
  "reasoning.effort":
    "Claude before 4.6 accepts a budget of tokens, and other models only `low`, `medium` and `high`",
  "reasoning.budgetTokens": "only Claude accepts one, of 1024 at least; from 4.7 on it accepts an effort",
  "reasoning.summary": "only Claude has summaries, of one kind: `auto`",
  "tools.text-tool.grammar": "a grammar becomes a description of the text, which the model may not follow",
  "toolChoice.none": "there is no `none`: tools are left out, or stay where the conversation has used some",
  parallelToolCalls: "the model decides",
  "tools.undeclared":
    "a conversation that used tools must declare some: those are declared, without description",
  "tools.provider": "only tools that Bedrock runs can be used; a model's own go into the extensions",
  cache: "a request has 4 marks at most; lifetimes are 5m and 1h",
  promptCache: "prefixes end at marks, which have lifetimes of their own",
  maxToolCalls: "there is no such parameter",
  logitBias: "there is no such parameter",
  prediction: "there is no such parameter",
  verbosity: "there is no such parameter",
  contextManagement: "there is no such parameter",
  store: "answers are not stored",
  "toolChoice.names": "there are no lists of allowed tools: no other tools are offered",
  "toolChoice.mode": "a choice among the offered tools is one among all",
  "tools.outputSchema": "there is no schema of results",
  "tools.examples": "there is no such field",
  "tools.deferLoading": "there is no such field",
  "tools.eager": "there is no such field",
  "messages.system": "all system messages stand above the conversation",
  "messages.name": "users have no names",
  "messages.incomplete": "a turn that failed midway is left out",
  "messages.extensions": "a message has no fields of its own",
  "messages.content.text.blank": "text of white space alone is refused",
  "messages.prefill":
    "models from Claude 4.6 on continue no answer: end the conversation with a user message",
  "messages.content.text.prefill":
    "white space at the end of the model's own last turn is refused: it is cut",
  "messages.content.url":
    "only S3 locations are fetched; media at other URLs are refused: send the bytes, or set `fetchMedia`",
  "messages.content.uploaded": "there is no file store; stored files are refused: send the bytes",
  "messages.content.image.detail": NO_PARAMETER,
  "messages.content.audio.transcript": "a transcript has no place beside its sound",
  "messages.content.file.name":
    "names have letters, digits, white space, hyphens and brackets, 200 at most, and no ending; other characters are replaced",
  "messages.content.file.mediaType": "only the formats that Bedrock lists are accepted; others are refused",
  "messages.content.assistant-media": "the model's own turns hold no media",
  "messages.content.reasoning": "only signed reasoning of the same family is sent back",
  "messages.content.refusal": "it is sent as text",
  "messages.content.source":
    "only citations that Bedrock gave are sent back, with the text that they support",
  "messages.content.origin": "state of another family is left out",
  "messages.content.logprobs": "log probabilities of an answer have no place in a prompt",
  "messages.content.tool-call.argumentsText":
    "a call whose arguments are no object is sent without arguments",
  "messages.content.tool-call.executedBy": "only calls that Bedrock ran are sent back, with their results",
  "messages.content.tool-call.name": "characters other than letters, digits, `_` and `-` are replaced",
  "messages.content.tool-result.name": "results are found by the id of their call",
  id: "replies have no id but that of their request, in a header",
  model: "replies do not name their model",
  "content.order": "a citation stands at its text; in a stream, behind it where other parts came between",
  "content.text.logprobs": "there is no such field",
  "content.reasoning.redacted": "withheld thinking that has text is written as text",
  "content.image": "bytes or an S3 location, in the formats that Bedrock lists, without detail",
  "content.source.cites": "a citation supports the whole text part before it",
  "content.source.documentId": "only positions can be written, and not beside a url",
  "content.refusal": "it is written as text",
  "content.file": "answers have no such block",
  "content.audio": "bytes or an S3 location, without a transcript, in a whole reply; a stream has no sound",
  "content.tool-call.argumentsText": "a call that was cut keeps its text as input",
  "usage.reasoningTokens": "they are not counted separately",
  "finishReason.paused":
    "a pause is written as the token limit, which also means that the answer is not whole",
  "usage.inputByModality": "tokens are not counted by modality",
  "usage.outputByModality": "tokens are not counted by modality",
  "usage.toolUses": "uses of tools are not counted",
  "usage.passes": "passes are not counted apart",
  refusal: "answers have no place for it",
  cacheMiss: "the cache tells no reasons",
  "finishReason.other": "there is no word for an unknown reason: the answer counts as whole",
  "messages.content.text.phase": "what a model says on the way is not told apart",
  "content.text.phase": "what a model says on the way is not told apart",
};
