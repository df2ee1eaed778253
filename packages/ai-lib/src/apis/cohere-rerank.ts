/** Rankings in Cohere's shape, of hosts that speak another dialect: OpenRouter, Together, Jina, vLLM, llama.cpp. */
export { rerankCodec as codec } from "../dialects/shared/cohere/rerank.js";
