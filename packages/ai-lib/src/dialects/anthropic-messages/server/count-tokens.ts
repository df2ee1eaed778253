import { countingServer } from "../../shared/common/count-tokens-server.js";
import { decodeRequest } from "./request.js";

/** https://platform.claude.com/docs/en/api/messages/count_tokens */
export const countTokensServer = countingServer({
  path: /\/messages\/count_tokens$/,
  decode: (http) => decodeRequest(http).request,
  reply: ({ inputTokens }) => ({ input_tokens: inputTokens }),
});
