import { countingCodec, picked } from "../../shared/common/count-tokens.js";
import { encodeRequest } from "./request.js";

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseTokensRequest.html */
const FIELDS = ["messages", "system", "toolConfig", "additionalModelRequestFields"];

/** Counts the input tokens of a conversation. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html */
export const countTokensCodec = countingCodec({
  encode: encodeRequest,
  path: (chat) => chat.replace(/\/converse$/, "/count-tokens"),
  body: (chat) => ({ input: { converse: picked(chat, FIELDS) } }),
  total: "inputTokens",
});
