/** Counts the input tokens of a chat as a response, for providers of chat completions. */
export { countTokensCodec as codec } from "../dialects/openai-responses/client/count-tokens.js";
