import type { HttpRequest } from "../../../core/contract/transport.js";
import { asObject } from "../../../core/values/json.js";
import { countingServer } from "../../shared/common/count-tokens-server.js";
import { bodyOf } from "../../shared/common/kind-requests.js";
import { decodeRequest } from "./request.js";

/** https://ai.google.dev/api/tokens */
export const countTokensServer = countingServer({
  path: /:countTokens$/,
  decode(http: HttpRequest) {
    const body = bodyOf(http.body);
    const whole = asObject(body["generateContentRequest"]) ?? body;
    const path = http.path.replace(/:countTokens$/, ":generateContent");
    return decodeRequest({ ...http, path, body: JSON.stringify(whole) }).request;
  },
  reply: ({ inputTokens, cachedInputTokens }) => ({
    totalTokens: inputTokens,
    ...(cachedInputTokens === undefined ? {} : { cachedContentTokenCount: cachedInputTokens }),
  }),
});
