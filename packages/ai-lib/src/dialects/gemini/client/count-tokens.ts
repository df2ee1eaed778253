import { countingCodec } from "../../shared/common/count-tokens.js";
import { encodeRequest, pathOf } from "./request.js";

/**
 * Counts the input tokens of a request. The Gemini API counts the system instruction and the tools only of a whole
 * request (https://ai.google.dev/api/tokens); Vertex takes the fields as they are
 * (https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/count-tokens).
 */
export const countTokensCodec = countingCodec({
  encode: encodeRequest,
  path: (_chat, target) => pathOf(target.model, "countTokens"),
  body(chat, { model, quirks }) {
    if (quirks["plainCounts"] === true) return chat;
    return { generateContentRequest: { model: model.includes("/") ? model : `models/${model}`, ...chat } };
  },
  total: "totalTokens",
  cached: "cachedContentTokenCount",
});
