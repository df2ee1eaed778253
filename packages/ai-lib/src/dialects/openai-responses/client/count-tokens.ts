import { countingCodec, picked } from "../../shared/common/count-tokens.js";
import { encodeRequest } from "./request.js";

/** https://platform.openai.com/docs/api-reference/responses/input-tokens: these fields, and no other. */
const FIELDS = [
  "model",
  "input",
  "instructions",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "text",
  "reasoning",
  "truncation",
  "previous_response_id",
  "conversation",
];

/** Counts the input tokens of a response. */
export const countTokensCodec = countingCodec({
  encode: encodeRequest,
  path: () => "/responses/input_tokens",
  body: (chat) => picked(chat, FIELDS),
  total: "input_tokens",
});
