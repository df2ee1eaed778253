import { countingServer } from "../../shared/common/count-tokens-server.js";
import { decodeRequest } from "./request.js";

/** https://platform.openai.com/docs/api-reference/responses/input-tokens */
export const countTokensServer = countingServer({
  path: /\/responses\/input_tokens$/,
  decode: (http) => decodeRequest(http).request,
  reply: ({ inputTokens }) => ({ object: "response.input_tokens", input_tokens: inputTokens }),
});
