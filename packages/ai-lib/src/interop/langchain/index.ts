export {
  ChatAiLib,
  type ChatAiLibCallOptions,
  type ChatAiLibDefaults,
  type ChatAiLibFields,
} from "./chat-model.js";
export { AiLibEmbeddings, type AiLibEmbeddingsFields } from "./embeddings.js";
export { type FromLangChainOptions, fromLangChain, type LangChainModels } from "./from-langchain.js";
export { AiLibReranker, type AiLibRerankerFields } from "./reranker.js";
