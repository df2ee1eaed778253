import type { Cannot } from "../../core/dialect.js";

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
};
