import { nearest } from "../../values/nearest.js";

/** Replacements for the fields of vendors and other libraries. */
const REQUEST_FIELDS: Readonly<Record<string, string>> = {
  max_tokens: "`maxTokens`",
  max_completion_tokens: "`maxTokens`",
  max_output_tokens: "`maxTokens`",
  maxOutputTokens: "`maxTokens`",
  max_new_tokens: "`maxTokens`",
  num_predict: "`maxTokens`",
  top_p: "`topP`",
  top_k: "`topK`",
  system: 'a message { role: "system", content } at the head of `messages`',
  systemPrompt: 'a message { role: "system", content } at the head of `messages`',
  systemInstruction: 'a message { role: "system", content } at the head of `messages`',
  system_instruction: 'a message { role: "system", content } at the head of `messages`',
  instructions: 'a message { role: "system", content } at the head of `messages`',
  prompt: '`messages`: [{ role: "user", content }]',
  input: '`messages`: [{ role: "user", content }]',
  contents: '`messages`: [{ role: "user", content }]',
  stop_sequences: "`stop`",
  stopSequences: "`stop`",
  tool_choice: "`toolChoice`",
  toolConfig: "`toolChoice`",
  functions: "`tools`",
  function_call: "`toolChoice`",
  parallel_tool_calls: "`parallelToolCalls`",
  response_format: "`responseFormat`",
  responseSchema: '`responseFormat`: { type: "json-schema", schema }, or client.object()',
  schema: '`responseFormat`: { type: "json-schema", schema }, or client.object()',
  output_config: "`responseFormat` and `reasoning`",
  presence_penalty: "`presencePenalty`",
  frequency_penalty: "`frequencyPenalty`",
  random_seed: "`seed`",
  top_logprobs: "`logprobs`, which may be a number",
  reasoning_effort: "`reasoning`: { effort }",
  reasoningEffort: "`reasoning`: { effort }",
  thinking: "`reasoning`: { effort } or { budgetTokens }",
  thinkingConfig: "`reasoning`: { effort } or { budgetTokens }",
  thinkingBudget: "`reasoning`: { budgetTokens }",
  think: "`reasoning`: { effort }",
  modalities: "`output`: { modalities }",
  service_tier: "`serviceTier`",
  prompt_cache_key: "`cacheKey`",
  previous_response_id: "`continues`: { provider, id }",
  safety_identifier: "`user`",
  stream: "client.stream(), which streams",
  stream_options: "nothing: streams always have their usage",
  providerOptions: "`extensions`, keyed by provider or dialect",
  extra_body: "`extensions`, keyed by provider or dialect",
};

/** The replacement for an unknown field of a request, as the end of a sentence; undefined if none is near. */
export function nearField(field: string, known: readonly string[]): string | undefined {
  if (Object.hasOwn(REQUEST_FIELDS, field)) return REQUEST_FIELDS[field];
  const [near] = nearest(field, known, 1);
  return near === undefined ? undefined : `\`${near}\``;
}

/** Fields that ask for several answers. */
export const SEVERAL_ANSWERS: ReadonlySet<string> = new Set([
  "n",
  "choices",
  "candidateCount",
  "num_generations",
]);

/** Replacements for vendors' types of parts. */
const PART_TYPES: Readonly<Record<string, string>> = {
  input_text: '{ type: "text", text }',
  output_text: '{ type: "text", text }',
  image_url: '{ type: "image", url }, or { type: "image", data, mediaType }',
  input_image: '{ type: "image", url }, or { type: "image", data, mediaType }',
  inlineData: '{ type: "image", data, mediaType }',
  input_audio: '{ type: "audio", data, mediaType }',
  input_file: '{ type: "file", data, mediaType, name }',
  document: '{ type: "file", data, mediaType, name }',
  video: '{ type: "file", data, mediaType: "video/mp4" }',
  video_url: '{ type: "file", url, mediaType: "video/mp4" }',
  thinking: '{ type: "reasoning", text }',
  tool_use: '{ type: "tool-call", id, name, arguments }',
  function_call: '{ type: "tool-call", id, name, arguments }',
  tool_call: '{ type: "tool-call", id, name, arguments }',
  tool_result: 'a message { role: "tool", content: [toolResult(call, value)] }',
  function_call_output: 'a message { role: "tool", content: [toolResult(call, value)] }',
};

/** The part of the contract for a type that a vendor has. */
export function nearPart(type: unknown): string | undefined {
  return typeof type === "string" && Object.hasOwn(PART_TYPES, type) ? PART_TYPES[type] : undefined;
}

const ROLES: Readonly<Record<string, string>> = {
  developer: "system",
  model: "assistant",
  ai: "assistant",
  bot: "assistant",
  human: "user",
  function: "tool",
};

/** The role of the contract for one that a vendor has. */
export function nearRole(role: unknown): string | undefined {
  return typeof role === "string" && Object.hasOwn(ROLES, role) ? ROLES[role] : undefined;
}

/** Vendors' fields of messages, which would be lost. */
export const FOREIGN_MESSAGE_FIELDS: Readonly<Record<string, string>> = {
  tool_calls: 'calls are parts: { type: "tool-call", id, name, arguments } in `content`',
  toolCalls: 'calls are parts: { type: "tool-call", id, name, arguments } in `content`',
  function_call: 'calls are parts: { type: "tool-call", id, name, arguments } in `content`',
  tool_call_id: "results are parts: toolResult(call, value) in `content`",
  reasoning_content: 'reasoning is a part: { type: "reasoning", text } in `content`',
  parts: "the parts of a message are its `content`",
  cache_control: "the mark is `cache`",
  cacheControl: "the mark is `cache`",
  providerOptions: "vendor fields go into `extensions`, keyed by provider or dialect",
};
