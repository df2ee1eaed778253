/**
 * The fields of Open Responses that a response, its items and its events have, with the types of their values, from the
 * published schema: https://github.com/openresponses/openresponses/tree/main/schema/components/schemas, read in
 * November 2026. A type that begins with `?` may be `null`.
 */
export type FieldType = "string" | "integer" | "number" | "boolean" | "list" | "object" | "any";

export type Fields = Readonly<Record<string, FieldType | `?${FieldType}`>>;

/** ResponseResource: every field that it requires. */
export const RESPONSE: Fields = {
  id: "string",
  object: "string",
  created_at: "integer",
  completed_at: "?integer",
  status: "string",
  incomplete_details: "?object",
  model: "string",
  previous_response_id: "?string",
  instructions: "?any",
  output: "list",
  error: "?object",
  tools: "list",
  tool_choice: "any",
  truncation: "string",
  parallel_tool_calls: "boolean",
  text: "object",
  top_p: "number",
  presence_penalty: "number",
  frequency_penalty: "number",
  top_logprobs: "integer",
  temperature: "number",
  reasoning: "?object",
  user: "?string",
  usage: "?object",
  max_output_tokens: "?integer",
  max_tool_calls: "?integer",
  store: "boolean",
  background: "boolean",
  service_tier: "string",
  metadata: "object",
  safety_identifier: "?string",
  prompt_cache_key: "?string",
};

/** Usage. */
export const USAGE: Fields = {
  input_tokens: "integer",
  input_tokens_details: "object",
  output_tokens: "integer",
  output_tokens_details: "object",
  total_tokens: "integer",
};

/** The details within {@link USAGE}. */
export const INPUT_DETAILS: Fields = { cached_tokens: "integer" };
export const OUTPUT_DETAILS: Fields = { reasoning_tokens: "integer" };

/** Error, of a response that failed. */
export const ERROR: Fields = { code: "string", message: "string" };

/** UrlCitationBody. Other annotations are those of vendors' own tools. */
export const URL_CITATION: Fields = {
  type: "string",
  url: "string",
  title: "string",
  start_index: "integer",
  end_index: "integer",
};

/** Items by type. Others are those of vendors' own tools. */
export const ITEMS: Readonly<Record<string, Fields>> = {
  message: { type: "string", id: "string", status: "string", role: "string", content: "list" },
  function_call: {
    type: "string",
    id: "string",
    call_id: "string",
    name: "string",
    arguments: "string",
    status: "string",
  },
  reasoning: { type: "string", id: "string", summary: "list" },
};

/** Parts of a message by type. */
export const PARTS: Readonly<Record<string, Fields>> = {
  output_text: { type: "string", text: "string", annotations: "list", logprobs: "list" },
  refusal: { type: "string", refusal: "string" },
};

const AT_ITEM: Fields = {
  type: "string",
  sequence_number: "integer",
  item_id: "string",
  output_index: "integer",
};
const AT_PART: Fields = { ...AT_ITEM, content_index: "integer" };
const AT_SUMMARY: Fields = { ...AT_ITEM, summary_index: "integer" };

/** Events by type. All have a sequence number. */
export const EVENTS: Readonly<Record<string, Fields>> = {
  "response.created": { type: "string", sequence_number: "integer", response: "object" },
  "response.in_progress": { type: "string", sequence_number: "integer", response: "object" },
  "response.completed": { type: "string", sequence_number: "integer", response: "object" },
  "response.incomplete": { type: "string", sequence_number: "integer", response: "object" },
  "response.failed": { type: "string", sequence_number: "integer", response: "object" },
  error: { type: "string", sequence_number: "integer", error: "object" },
  "response.output_item.added": {
    type: "string",
    sequence_number: "integer",
    output_index: "integer",
    item: "object",
  },
  "response.output_item.done": {
    type: "string",
    sequence_number: "integer",
    output_index: "integer",
    item: "object",
  },
  "response.content_part.added": { ...AT_PART, part: "object" },
  "response.content_part.done": { ...AT_PART, part: "object" },
  "response.output_text.delta": { ...AT_PART, delta: "string", logprobs: "list" },
  "response.output_text.done": { ...AT_PART, text: "string", logprobs: "list" },
  "response.refusal.delta": { ...AT_PART, delta: "string" },
  "response.refusal.done": { ...AT_PART, refusal: "string" },
  "response.output_text.annotation.added": {
    ...AT_PART,
    annotation_index: "integer",
    annotation: "object",
  },
  "response.reasoning_summary_part.added": { ...AT_SUMMARY, part: "object" },
  "response.reasoning_summary_part.done": { ...AT_SUMMARY, part: "object" },
  "response.reasoning_summary_text.delta": { ...AT_SUMMARY, delta: "string" },
  "response.reasoning_summary_text.done": { ...AT_SUMMARY, text: "string" },
  "response.function_call_arguments.delta": { ...AT_ITEM, delta: "string" },
  "response.function_call_arguments.done": { ...AT_ITEM, arguments: "string" },
};
