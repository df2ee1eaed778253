import { countingCodec, picked } from "../../shared/common/count-tokens.js";
import { encodeRequest } from "./request.js";

/** The only fields that the endpoint accepts: https://platform.claude.com/docs/en/api/messages/count_tokens */
const FIELDS = [
  "model",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "cache_control",
  "context_management",
  "mcp_servers",
];

/** Counts the input tokens of a message. https://platform.claude.com/docs/en/build-with-claude/token-counting */
export const countTokensCodec = countingCodec({
  encode: encodeRequest,
  path: (chat) => `${chat}/count_tokens`,
  body: (chat) => picked(chat, FIELDS),
  total: "input_tokens",
});
