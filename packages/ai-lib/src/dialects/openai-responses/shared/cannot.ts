import type { Cannot } from "../../../core/contract/dialect.js";

/**
 * What this dialect cannot carry. Request fields raise a warning when they are lost; entries that begin with
 * `content` are about answers, in the server half.
 */
export const cannot: Cannot = {
  topK: "there is no such parameter",
  stop: "there is no such parameter",
  seed: "there is no such parameter",
  presencePenalty: "there is no such parameter",
  frequencyPenalty: "there is no such parameter",
  "output.modalities": "pictures come from the tool openai/image_generation; it does not speak",
  "output.audio": "it does not speak",
  "reasoning.budgetTokens": "thinking is measured in words of effort alone",
  "metadata.*": "values are strings, so others become JSON text",
  "tools.cache": "marks stand on content alone",
  "tools.provider": "only the target's own",
  "messages.cache": "marks are taken by gpt-5.6 and later alone, and never on an assistant turn",
  "messages.name": "users have no names",
  "messages.incomplete": "a turn that broke off is not replayed",
  "messages.content.audio":
    "no sound in prompts, but on endpoints known to take it: a request with it is refused",
  "messages.content.file.name": "bytes need a name, so one is made where there is none",
  "messages.content.uploaded": "a file of another provider's store: a request with it is refused",
  "messages.content.text.logprobs": "probabilities are no part of a prompt",
  "messages.content.origin": "state of another family is left out",
  "messages.content.reasoning":
    "only reasoning of the same family, encrypted, stored or of an open model, goes back",
  "messages.content.assistant-media": "an assistant turn holds only pictures that its own tool made",
  "messages.content.tool-call.executedBy": "calls that another provider ran are left out, and their results",
  "messages.content.tool-result.isError": "a function's result has no mark for a failure",
  "messages.content.source": "a source goes back with its place in a text, a title and a URL or a file",
  "messages.content.source.quote": "a citation holds no words of its source",
  "messages.content.text.empty": "an empty text among parts is left out when it is read",
  "messages.role.assistant": "neighbouring turns that hold parts are one when they are read",
  "messages.role.tool": "neighbouring turns of results are one when they are read",
  "messages.content.tool-result.name":
    "results are found by the id of their call, whose name they get when they are read",
  "content.text.empty": "a text without a word is not read back",
  "content.origin":
    "ids are invented where there are none; state of another family comes back wrapped, for servers alone",
  "content.source": "a source needs a URL or a document, and stands at a text",
  "content.source.quote": "a citation holds no words of its source",
  "content.image.url": "a picture comes as bytes",
  "content.audio": "it does not speak",
  "content.file": "answers hold no files",
  "content.tool-call.executedBy": "what another provider ran is told as a remote server's tool",
  "content.tool-result.content": "what another provider found is told as text, or as the JSON of its parts",
  rawFinishReason: "words of other dialects become OpenAI's",
  "messages.extensions":
    "a turn becomes items: its own fields go on its texts' items, and are lost where it has none",
  "messages.content.cache": "marks are taken by gpt-5.6 and later alone, and never on an assistant turn",
  "content.order":
    "sources stand behind the text that they support; in a stream, at an empty text once that is over",
  "content.reasoning.redacted": "thinking is written as text",
  "content.image": "only pictures as bytes, as its own tool makes them",
  "content.tool-result": "a result that another provider gave is text",
  "messages.content.image": "an assistant turn holds only pictures that its own tool made",
  "messages.content.file": "an assistant turn holds no files",
};
