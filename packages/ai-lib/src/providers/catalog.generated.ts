// Written by `npm run generate` from the files in vendors/. Do not edit.
import type { ProviderData } from "./endpoint/data.js";

/** The prebuilt providers' ids by name: `ProviderFactory.create(Provider.Groq)`. */
export const Provider = {
  /** AIHubMix's gateway to the models of most vendors. */
  AiHubMix: "aihubmix",
  /** Alibaba Cloud Model Studio: `qwen` under the name of its company. */
  Alibaba: "alibaba",
  /** Anthropic's Claude models. */
  Anthropic: "anthropic",
  /** AssemblyAI's transcripts, by jobs. */
  Assemblyai: "assemblyai",
  /** Avian's inference of open models. */
  Avian: "avian",
  /** Azure AI Content Safety, which judges texts and pictures. */
  AzureContentSafety: "azure-content-safety",
  /** OpenAI's and other models in your Azure (Microsoft Foundry) resource, over Chat Completions. The model is the name of a deployment of yours, so there is no default. */
  AzureOpenAi: "azure-openai",
  /** OpenAI's models in your Azure (Microsoft Foundry) resource, over the Responses API. The model is the name of a deployment of yours, so there is no default. */
  AzureOpenAiResponses: "azure-openai-responses",
  /** Baidu's ERNIE models, over Qianfan v2. */
  Baidu: "baidu",
  /** Baseten's Model APIs: inference of open models. */
  Baseten: "baseten",
  /** Amazon Bedrock, over the Converse API, with a Bedrock API key or AWS credentials. Most models are called through an inference profile, whose prefix (us., eu., global. ...) must fit the region. */
  Bedrock: "bedrock",
  /** Amazon Bedrock's OpenAI-compatible endpoint, over the Responses API, with a Bedrock API key. */
  BedrockMantle: "bedrock-mantle",
  /** Black Forest Labs' pictures, by jobs. */
  Bfl: "bfl",
  /** Cartesia's transcripts and speech. */
  Cartesia: "cartesia",
  /** Cerebras' inference of open models. */
  Cerebras: "cerebras",
  /** Chutes' inference of open models. */
  Chutes: "chutes",
  /** Cloudflare's Workers AI. */
  Cloudflare: "cloudflare",
  /** Cohere's own models, over its v2 API. */
  Cohere: "cohere",
  /** Crusoe's inference of open models. */
  Crusoe: "crusoe",
  /** The serving endpoints of your Databricks workspace. */
  Databricks: "databricks",
  /** Deepgram's transcripts and speech. */
  Deepgram: "deepgram",
  /** DeepInfra's inference of open models. */
  DeepInfra: "deepinfra",
  /** DeepSeek's own models. */
  DeepSeek: "deepseek",
  /** ElevenLabs' transcripts and speech. */
  ElevenLabs: "elevenlabs",
  /** fal's pictures and transcripts, by its queue. A base URL of `https://fal.run` answers right away. */
  Fal: "fal",
  /** Featherless AI's inference of open models. */
  Featherless: "featherless",
  /** Fireworks' inference of open models. */
  Fireworks: "fireworks",
  /** FriendliAI's serverless inference of open models. */
  Friendli: "friendli",
  /** Gladia's transcripts, by jobs. */
  Gladia: "gladia",
  /** Google's Gemini models, over the Gemini API. */
  Google: "google",
  /** Models on your own servers, served by GPUStack. Its models are those you deployed, so there is no default. */
  GpuStack: "gpustack",
  /** Groq's inference of open models. */
  Groq: "groq",
  /** Heroku's Managed Inference add-on, which sets INFERENCE_URL and INFERENCE_KEY. */
  Heroku: "heroku",
  /** Hugging Face's router to inference providers. `model:provider` chooses one of them. */
  HuggingFace: "huggingface",
  /** Hyperbolic's inference of open models. Hugging Face's router dropped it in June 2026; its own API was still listed in October. */
  Hyperbolic: "hyperbolic",
  /** iFlytek's Spark models. The key is the APIPassword on the console's page of HTTP services: each version of the model has its own. */
  IflytekSpark: "iflytek-spark",
  /** Inception's Mercury models, which write by diffusion: a small `maxTokens` can go to reasoning whole. */
  Inception: "inception",
  /** Inference.net's inference of open models. */
  InferenceNet: "inference-net",
  /** Jina AI's embeddings and rankings. Its chat is not served here. */
  Jina: "jina",
  /** A model on your own machine, served by llama.cpp's `llama-server`. Outside its router mode it serves one model and ignores the name. */
  LlamaCpp: "llamacpp",
  /** Models on your own machine, served by LM Studio. A model that is not loaded is loaded by the first call, which is then slow. */
  LmStudio: "lmstudio",
  /** MiniMax's own models; `minimax-cn` is the Chinese platform. */
  MiniMax: "minimax",
  /** MiniMax's own models, over its Chinese platform. */
  MiniMaxCn: "minimax-cn",
  /** Mistral's own models. */
  Mistral: "mistral",
  /** A model on your own machine, served by mistral.rs. It serves one model and ignores the name. */
  MistralRs: "mistralrs",
  /** Moonshot's Kimi models; `moonshot-cn` is the Chinese platform. A key is good on its own platform alone. */
  Moonshot: "moonshot",
  /** Moonshot's Kimi models, over its Chinese platform. */
  MoonshotCn: "moonshot-cn",
  /** Morph's models, which apply edits to code rather than chat. */
  Morph: "morph",
  /** Nebius Token Factory's inference of open models. */
  Nebius: "nebius",
  /** Novita's inference of open models. */
  Novita: "novita",
  /** NVIDIA's hosted NIM endpoints. */
  Nvidia: "nvidia",
  /** Models on your own machine, over Ollama's native API; `ollama-openai` is the same server in OpenAI's dialect. */
  Ollama: "ollama",
  /** Ollama's hosted models. */
  OllamaCloud: "ollama-cloud",
  /** Models on your own machine, over Ollama's OpenAI-compatible API. */
  OllamaOpenAi: "ollama-openai",
  /** OpenAI, over Chat Completions; `openai-responses` is the same account over the Responses API. */
  OpenAi: "openai",
  /** OpenAI, over the Responses API: its own tools (web search, code interpreter, computer use) live here. */
  OpenAiResponses: "openai-responses",
  /** OpenCode Zen's gateway. This is its Chat Completions endpoint, which serves neither Claude nor GPT models. */
  OpenCodeZen: "opencode-zen",
  /** OpenRouter's gateway to the models of most vendors. */
  OpenRouter: "openrouter",
  /** OVHcloud's AI Endpoints. */
  OvhCloud: "ovhcloud",
  /** Parasail's inference of open models. */
  Parasail: "parasail",
  /** Perplexity's Agent API. Its Sonar chat completions ended on 2026-09-27. */
  Perplexity: "perplexity",
  /** Portkey's gateway to the providers in your account. A model is `@provider/model` of your own catalogue, so there is no default. */
  Portkey: "portkey",
  /** Alibaba's Qwen models, over Model Studio (DashScope) in Singapore; `qwen-cn` is Beijing's. A key is good in its own region alone. */
  Qwen: "qwen",
  /** Alibaba's Qwen models, over Bailian (DashScope) in Beijing. */
  QwenCn: "qwen-cn",
  /** Reka's own models. */
  Reka: "reka",
  /** Replicate's pictures and speech, by predictions. */
  Replicate: "replicate",
  /** Rev AI's transcripts, by jobs. */
  Revai: "revai",
  /** SambaNova Cloud's inference of open models. */
  SambaNova: "sambanova",
  /** Scaleway's Generative APIs. */
  Scaleway: "scaleway",
  /** SiliconFlow's inference of open models; `siliconflow-cn` is the Chinese platform. */
  SiliconFlow: "siliconflow",
  /** SiliconFlow's inference of open models, over its Chinese platform. */
  SiliconFlowCn: "siliconflow-cn",
  /** Snowflake Cortex. The key is a programmatic access token. */
  Snowflake: "snowflake",
  /** StepFun's own models; `stepfun-cn` is the Chinese platform. */
  StepFun: "stepfun",
  /** StepFun's own models, over its Chinese platform. */
  StepFunCn: "stepfun-cn",
  /** Tencent's Hunyuan models, over TokenHub. */
  TencentHunyuan: "tencent-hunyuan",
  /** Together's inference of open models. */
  Together: "together",
  /** Upstage's Solar models. */
  Upstage: "upstage",
  /** Venice's inference of open and other models. */
  Venice: "venice",
  /** Vercel's AI Gateway to the models of most vendors. */
  VercelGateway: "vercel-gateway",
  /** Google's Gemini models, over Vertex AI. The credential is an API key, a credentials file of Google Cloud, an OAuth access token, which lasts an hour, or a function that gets one. */
  Vertex: "vertex",
  /** Anthropic's Claude models, over Vertex AI. The credential is a credentials file of Google Cloud, an OAuth access token, which lasts an hour, or a function that gets one. */
  VertexAnthropic: "vertex-anthropic",
  /** Models on your own servers, served by vLLM. It has no default model: ask `listModels()` what it serves. */
  Vllm: "vllm",
  /** ByteDance's Doubao models, over Volcengine Ark. A model is a dated id or an inference endpoint of yours (ep-...). */
  Volcengine: "volcengine",
  /** Voyage AI's embeddings and rankings. It has no chat. */
  Voyage: "voyage",
  /** IBM watsonx.ai's model gateway, which serves what an administrator configured, so there is no default. The key is an IAM token, which lasts an hour: pass a function that gets one. */
  Watsonx: "watsonx",
  /** Writer's Palmyra models. Its chat endpoint is OpenAI's under another path. */
  Writer: "writer",
  /** xAI's Grok models, over Chat Completions. */
  Xai: "xai",
  /** xAI's Grok models, over the Responses API: its web_search and x_search tools live here. */
  XaiResponses: "xai-responses",
  /** Zhipu's GLM models, over Z.AI, its international platform; `zhipu` is the Chinese one. */
  Zai: "zai",
  /** Zhipu's GLM models, over Z.AI's Coding Plan, which has an endpoint of its own. */
  ZaiCoding: "zai-coding",
  /** Zhipu's GLM models, over BigModel, its Chinese platform. */
  Zhipu: "zhipu",
} as const;

/** The id of a prebuilt provider. */
export type ProviderId = (typeof Provider)[keyof typeof Provider];

/** A prebuilt provider with a model that its data knows: what an editor completes. */
export type KnownTarget =
  | "aihubmix/gpt-4o-mini"
  | "alibaba/qwen3.8-max"
  | "alibaba/qwen3.8-flash"
  | "alibaba/qwen3.7-plus"
  | "alibaba/qwen3-max"
  | "alibaba/qwen-plus"
  | "alibaba/qwen-flash"
  | "anthropic/claude-sonnet-5-5"
  | "anthropic/claude-opus-5-5"
  | "anthropic/claude-haiku-5-5"
  | "anthropic/claude-fable-5-2"
  | "anthropic/claude-fable-5-1"
  | "anthropic/claude-haiku-4-5"
  | "avian/deepseek/deepseek-v4-pro-0813"
  | "avian/deepseek/deepseek-v4-flash"
  | "avian/z-ai/glm-5.2"
  | "avian/moonshotai/kimi-k2.6"
  | "avian/moonshotai/kimi-k2.5"
  | "baidu/ernie-5.1"
  | "baidu/ernie-5.5-flash-preview"
  | "baseten/zai-org/GLM-5.3-Flash"
  | "baseten/zai-org/GLM-5.3"
  | "baseten/openai/gpt-oss-120b"
  | "baseten/moonshotai/Kimi-K3"
  | "baseten/deepseek-ai/DeepSeek-V4.1-Flash"
  | "baseten/deepseek-ai/DeepSeek-V4-Pro-0813"
  | "bedrock/us.anthropic.claude-sonnet-5-5"
  | "bedrock/us.anthropic.claude-haiku-5-5"
  | "bedrock/us.anthropic.claude-sonnet-4-6"
  | "bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:0"
  | "bedrock/us.amazon.nova-2-lite-v1:0"
  | "bedrock/us.amazon.nova-pro-v1:0"
  | "bedrock-mantle/openai.gpt-5.6-luna"
  | "bedrock-mantle/openai.gpt-5.5"
  | "bedrock-mantle/openai.gpt-oss-20b"
  | "cerebras/gpt-oss-120b"
  | "cerebras/qwen-3.8-27b"
  | "cerebras/zai-glm-4.7"
  | "chutes/moonshotai/Kimi-K2.6-TEE"
  | "chutes/moonshotai/Kimi-K3-TEE"
  | "chutes/deepseek-ai/DeepSeek-V4-Flash-0731-TEE"
  | "chutes/zai-org/GLM-5.2-TEE"
  | "chutes/Qwen/Qwen3.8-27B-TEE"
  | "cloudflare/@cf/openai/gpt-oss-120b"
  | "cloudflare/@cf/openai/gpt-oss-20b"
  | "cloudflare/@cf/zai-org/glm-5.3-flash"
  | "cloudflare/@cf/qwen/qwen3.8-27b"
  | "cloudflare/@cf/meta/llama-3.3-70b-instruct-fp8-fast"
  | "cloudflare/@cf/meta/llama-4-scout-17b-16e-instruct"
  | "cohere/command-a-plus-05-2026"
  | "cohere/command-a-03-2025"
  | "cohere/command-a-reasoning-08-2025"
  | "cohere/command-r7b-12-2024"
  | "crusoe/deepseek-ai/DeepSeek-V4-Flash"
  | "crusoe/deepseek-ai/DeepSeek-V4-Pro"
  | "crusoe/openai/gpt-oss-120b"
  | "crusoe/zai/GLM-5.3"
  | "crusoe/moonshotai/Kimi-K2.6"
  | "databricks/databricks-claude-sonnet-4-6"
  | "databricks/databricks-gpt-5-6-sol"
  | "databricks/databricks-gpt-5-mini"
  | "databricks/databricks-gemini-3-flash"
  | "databricks/databricks-gpt-oss-120b"
  | "databricks/databricks-gpt-oss-20b"
  | "deepinfra/deepseek-ai/DeepSeek-V4-Flash-0731"
  | "deepinfra/deepseek-ai/DeepSeek-V4.1-Flash"
  | "deepinfra/openai/gpt-oss-120b"
  | "deepinfra/moonshotai/Kimi-K3"
  | "deepinfra/zai-org/GLM-5.2"
  | "deepinfra/meta-llama/Llama-4-Scout-17B-16E-Instruct"
  | "deepseek/deepseek-flash"
  | "deepseek/deepseek-v4-pro"
  | "deepseek/deepseek-v4-flash"
  | "featherless/unsloth/Llama-3.3-70B-Instruct"
  | "featherless/meta-llama/Llama-3.3-70B-Instruct"
  | "featherless/moonshotai/Kimi-K2-Instruct"
  | "fireworks/accounts/fireworks/models/deepseek-v4p1-flash"
  | "fireworks/accounts/fireworks/models/kimi-k3"
  | "fireworks/accounts/fireworks/models/glm-5p3"
  | "fireworks/accounts/fireworks/models/glm-5p3-flash"
  | "fireworks/accounts/fireworks/models/minimax-m3"
  | "fireworks/accounts/fireworks/routers/deepseek-flash-latest"
  | "friendli/zai-org/GLM-5.3"
  | "friendli/zai-org/GLM-5.3-Flash"
  | "friendli/deepseek-ai/DeepSeek-V3.2"
  | "friendli/MiniMaxAI/MiniMax-M2.5"
  | "google/gemini-3.8-flash"
  | "google/gemini-4-argon"
  | "google/gemini-3.6-flash"
  | "google/gemini-3.5-flash-lite"
  | "google/gemini-3.1-flash-lite"
  | "google/gemini-2.5-flash"
  | "groq/openai/gpt-oss-120b"
  | "groq/openai/gpt-oss-20b"
  | "groq/qwen/qwen3.8-27b"
  | "groq/qwen/qwen3.6-27b"
  | "heroku/claude-4-5-sonnet"
  | "heroku/claude-4-5-haiku"
  | "heroku/gpt-oss-120b"
  | "huggingface/deepseek-ai/DeepSeek-V4.1-Flash"
  | "huggingface/openai/gpt-oss-120b"
  | "huggingface/openai/gpt-oss-20b"
  | "huggingface/moonshotai/Kimi-K3"
  | "huggingface/Qwen/Qwen3.8-27B"
  | "huggingface/meta-llama/Llama-3.3-70B-Instruct"
  | "hyperbolic/meta-llama/Llama-3.3-70B-Instruct"
  | "iflytek-spark/4.0Ultra"
  | "iflytek-spark/generalv3.5"
  | "iflytek-spark/generalv3"
  | "iflytek-spark/pro-128k"
  | "iflytek-spark/lite"
  | "inception/mercury-2"
  | "inception/mercury-2.5"
  | "inference-net/glm-5.2"
  | "inference-net/glm-5.3"
  | "inference-net/glm-5.3-flash"
  | "inference-net/llama-3.3-70b-instruct"
  | "inference-net/gpt-4.1-mini"
  | "llamacpp/default"
  | "lmstudio/openai/gpt-oss-20b"
  | "lmstudio/qwen/qwen3-30b-a3b-2507"
  | "lmstudio/zai-org/glm-4.7-flash"
  | "minimax/MiniMax-M3"
  | "minimax/MiniMax-M3.1-Flash"
  | "minimax/MiniMax-M2.7"
  | "minimax/MiniMax-M2.7-highspeed"
  | "minimax-cn/MiniMax-M3"
  | "minimax-cn/MiniMax-M3.1-Flash"
  | "minimax-cn/MiniMax-M2.7"
  | "minimax-cn/MiniMax-M2.7-highspeed"
  | "mistral/mistral-medium-latest"
  | "mistral/mistral-large-4"
  | "mistral/mistral-medium-3.5"
  | "mistral/mistral-small-latest"
  | "mistral/mistral-large-latest"
  | "mistral/ministral-8b-latest"
  | "mistralrs/default"
  | "moonshot/kimi-k3"
  | "moonshot/kimi-k3.1-pro"
  | "moonshot/kimi-k2.7-code"
  | "moonshot/kimi-k2.7-code-highspeed"
  | "moonshot/kimi-k2.6"
  | "moonshot-cn/kimi-k3"
  | "moonshot-cn/kimi-k3.1-pro"
  | "moonshot-cn/kimi-k2.7-code"
  | "moonshot-cn/kimi-k2.7-code-highspeed"
  | "moonshot-cn/kimi-k2.6"
  | "morph/morph-v3-large"
  | "morph/morph-v3-fast"
  | "nebius/openai/gpt-oss-120b"
  | "nebius/Qwen/Qwen3-235B-A22B-Instruct-2507"
  | "nebius/deepseek-ai/DeepSeek-V4-Flash-0731"
  | "nebius/Qwen/Qwen3-30B-A3B-Instruct-2507"
  | "nebius/moonshotai/Kimi-K3"
  | "nebius/zai-org/GLM-5.3-Flash"
  | "novita/zai-org/glm-5.3-flash"
  | "novita/moonshotai/kimi-k3"
  | "novita/deepseek/deepseek-v4-pro"
  | "novita/minimax/minimax-m3"
  | "novita/meta-llama/llama-3.3-70b-instruct"
  | "nvidia/nvidia/nemotron-3.5-super-vl-120b-a12b"
  | "nvidia/nvidia/nemotron-3-ultra-550b-a55b"
  | "nvidia/nvidia/nemotron-3.5-lightning-30b-a3b"
  | "nvidia/openai/gpt-oss-20b"
  | "nvidia/deepseek-ai/deepseek-v4.1-flash"
  | "nvidia/meta/llama-3.3-70b-instruct"
  | "ollama/gpt-oss:20b"
  | "ollama/gemma4:31b"
  | "ollama/qwen3:4b"
  | "ollama/gpt-oss:120b"
  | "ollama-cloud/gpt-oss:120b"
  | "ollama-cloud/gpt-oss:20b"
  | "ollama-cloud/gemma4:31b"
  | "ollama-cloud/glm-5.3-flash"
  | "ollama-cloud/kimi-k3"
  | "ollama-cloud/deepseek-v4.1-flash"
  | "ollama-openai/gpt-oss:20b"
  | "ollama-openai/gemma4:31b"
  | "ollama-openai/qwen3:4b"
  | "ollama-openai/gpt-oss:120b"
  | "openai/gpt-6.2-sol"
  | "openai/gpt-6.1-sol"
  | "openai/gpt-6-luna"
  | "openai/gpt-6-astra"
  | "openai/gpt-6.1-terra"
  | "openai/gpt-5.6-sol"
  | "openai-responses/gpt-6.2-sol"
  | "openai-responses/gpt-6.1-sol"
  | "openai-responses/gpt-6-luna"
  | "openai-responses/gpt-6-astra"
  | "openai-responses/gpt-6.1-terra"
  | "openai-responses/gpt-5.6-sol"
  | "opencode-zen/glm-5.3"
  | "opencode-zen/glm-5.3-flash"
  | "opencode-zen/kimi-k3"
  | "opencode-zen/deepseek-v4.1-flash"
  | "opencode-zen/minimax-m3"
  | "opencode-zen/big-pickle"
  | "openrouter/openai/gpt-6.1-sol"
  | "openrouter/anthropic/claude-sonnet-5.5"
  | "openrouter/google/gemini-3.8-flash"
  | "openrouter/deepseek/deepseek-v4-pro"
  | "openrouter/x-ai/grok-4.7"
  | "openrouter/openrouter/auto"
  | "ovhcloud/gpt-oss-120b"
  | "ovhcloud/gpt-oss-20b"
  | "ovhcloud/Qwen3.8-27B"
  | "ovhcloud/Qwen3.5-397B-A17B"
  | "ovhcloud/Meta-Llama-3_3-70B-Instruct"
  | "parasail/parasail-llama-33-70b-fp8"
  | "perplexity/perplexity/sonar"
  | "perplexity/anthropic/claude-haiku-4-5"
  | "perplexity/anthropic/claude-opus-4-5"
  | "perplexity/anthropic/claude-opus-4-6"
  | "perplexity/anthropic/claude-opus-4-7"
  | "perplexity/anthropic/claude-sonnet-4-5"
  | "qwen/qwen3.8-max"
  | "qwen/qwen3.8-flash"
  | "qwen/qwen3.7-plus"
  | "qwen/qwen3-max"
  | "qwen/qwen-plus"
  | "qwen/qwen-flash"
  | "qwen-cn/qwen3.8-max"
  | "qwen-cn/qwen3.8-flash"
  | "qwen-cn/qwen3.7-plus"
  | "qwen-cn/qwen3-max"
  | "qwen-cn/qwen-plus"
  | "qwen-cn/qwen-flash"
  | "reka/reka-flash"
  | "reka/reka-edge"
  | "sambanova/gpt-oss-120b"
  | "sambanova/Meta-Llama-3.3-70B-Instruct"
  | "sambanova/DeepSeek-V3.1"
  | "sambanova/MiniMax-M2.7"
  | "sambanova/MiniMax-M3"
  | "sambanova/gemma-4-31B-it"
  | "scaleway/mistral-small-3.2-24b-instruct-2506"
  | "scaleway/qwen3.6-35b-a3b"
  | "scaleway/gemma-4-26b-a4b-it"
  | "scaleway/llama-3.3-70b-instruct"
  | "scaleway/gpt-oss-120b"
  | "siliconflow/deepseek-ai/DeepSeek-V4-Pro"
  | "siliconflow/deepseek-ai/DeepSeek-V4-Flash"
  | "siliconflow/moonshotai/Kimi-K2.6"
  | "siliconflow/Qwen/Qwen3.6-27B"
  | "siliconflow/zai-org/GLM-5.1"
  | "siliconflow-cn/deepseek-ai/DeepSeek-V4-Pro"
  | "siliconflow-cn/deepseek-ai/DeepSeek-V4-Flash"
  | "siliconflow-cn/moonshotai/Kimi-K2.6"
  | "siliconflow-cn/Qwen/Qwen3.6-27B"
  | "siliconflow-cn/zai-org/GLM-5.1"
  | "snowflake/claude-sonnet-4-6"
  | "snowflake/claude-haiku-4-5"
  | "snowflake/claude-opus-5"
  | "snowflake/openai-gpt-5.6-sol"
  | "snowflake/openai-gpt-4.1"
  | "snowflake/snowflake-llama3.3-70b"
  | "stepfun/step-5-preview"
  | "stepfun/step-3.7-flash"
  | "stepfun/step-3.5-flash"
  | "stepfun/step-3.5-flash-2603"
  | "stepfun-cn/step-5-preview"
  | "stepfun-cn/step-3.7-flash"
  | "stepfun-cn/step-3.5-flash"
  | "stepfun-cn/step-3.5-flash-2603"
  | "tencent-hunyuan/hy3"
  | "tencent-hunyuan/hy3-preview"
  | "tencent-hunyuan/hy4-preview"
  | "together/deepseek-ai/DeepSeek-V4.1-Flash"
  | "together/openai/gpt-oss-120b"
  | "together/openai/gpt-oss-20b"
  | "together/moonshotai/Kimi-K3"
  | "together/zai-org/GLM-5.3"
  | "together/Qwen/Qwen3.5-9B"
  | "upstage/solar-pro4"
  | "upstage/solar-pro3"
  | "upstage/solar-mini"
  | "venice/zai-org-glm-5-2"
  | "venice/deepseek-v4-pro-0813"
  | "venice/kimi-k3"
  | "venice/venice-uncensored-1-2"
  | "venice/grok-4-7"
  | "vercel-gateway/openai/gpt-6.1-sol"
  | "vercel-gateway/anthropic/claude-sonnet-5.5"
  | "vercel-gateway/google/gemini-3.8-flash"
  | "vercel-gateway/openai/gpt-6-luna"
  | "vercel-gateway/alibaba/qwen3.8-flash"
  | "vercel-gateway/openai/gpt-6.2-sol"
  | "vertex/gemini-3.8-flash"
  | "vertex/gemini-4-argon"
  | "vertex/gemini-3.6-flash"
  | "vertex/gemini-3.5-flash-lite"
  | "vertex/gemini-3.1-pro-preview"
  | "vertex/gemini-2.5-flash"
  | "vertex-anthropic/claude-sonnet-5-5"
  | "vertex-anthropic/claude-opus-5-5"
  | "vertex-anthropic/claude-haiku-5-5"
  | "vertex-anthropic/claude-fable-5-1"
  | "vertex-anthropic/claude-sonnet-4-6"
  | "vertex-anthropic/claude-haiku-4-5@20251001"
  | "volcengine/doubao-seed-2-1-pro-260628"
  | "volcengine/doubao-seed-2-1-turbo-260628"
  | "volcengine/doubao-seed-2-0-pro-260215"
  | "volcengine/doubao-seed-2-0-mini-260428"
  | "volcengine/doubao-seed-1-8-251228"
  | "writer/palmyra-x5"
  | "writer/palmyra-x4"
  | "xai/grok-4.7"
  | "xai/grok-4.6"
  | "xai/grok-4.5"
  | "xai/grok-4.3"
  | "xai/grok-4.20-0309-non-reasoning"
  | "xai-responses/grok-4.7"
  | "xai-responses/grok-4.6"
  | "xai-responses/grok-4.5"
  | "xai-responses/grok-4.3"
  | "xai-responses/grok-4.20-0309-non-reasoning"
  | "zai/glm-5.3"
  | "zai/glm-5.3-flash"
  | "zai/glm-5.2"
  | "zai/glm-4.7"
  | "zai/glm-5.3-flashx"
  | "zai/glm-4.7-flash"
  | "zai-coding/glm-5.3"
  | "zai-coding/glm-5.3-flash"
  | "zai-coding/glm-5.2"
  | "zai-coding/glm-4.7"
  | "zai-coding/glm-5.3-flashx"
  | "zai-coding/glm-4.7-flash"
  | "zhipu/glm-5.3"
  | "zhipu/glm-5.3-flash"
  | "zhipu/glm-5.2"
  | "zhipu/glm-4.7"
  | "zhipu/glm-5.3-flashx"
  | "zhipu/glm-4.7-flash";

/** What each provider's file says, without the fields for the documentation. */
export const CATALOG: Readonly<Record<ProviderId, ProviderData>> = {
  "aihubmix": {
    id: "aihubmix",
    label: "AIHubMix",
    dialect: "openai-chat",
    baseUrl: "https://aihubmix.com/v1",
    keyUrl: "https://console.aihubmix.com",
    model: "gpt-4o-mini",
    models: {
      "gpt-4o-mini": { contextWindow: 128000, maxOutputTokens: 16384, tools: true },
    },
  },
  "alibaba": {
    id: "alibaba",
    label: "Alibaba Cloud Model Studio",
    dialect: "openai-chat",
    baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    keyEnv: ["DASHSCOPE_API_KEY", "MODELSTUDIO_API_KEY"],
    keyUrl: "https://modelstudio.console.alibabacloud.com/?tab=model#/api-key",
    model: "qwen3.8-max",
    models: {
      "qwen3.8-max": { input: ["text", "image", "video"], tools: true, reasoning: true },
      "qwen3.8-flash": { contextWindow: 991000, input: ["text", "image", "video"], tools: true, reasoning: true },
      "qwen3.7-plus": { contextWindow: 1000000, input: ["text", "image", "video"], tools: true, reasoning: true },
      "qwen3-max": { tools: true },
      "qwen-plus": { tools: true },
      "qwen-flash": { tools: true },
    },
    quirks: { reasoningRequest: "enable_thinking", reasoningHistory: "reasoning_content", videoUrls: true, noEmptyAssistant: true, needsJsonWord: true, quotaIsRate: true },
  },
  "anthropic": {
    id: "anthropic",
    label: "Anthropic",
    preferred: 2,
    priceId: "anthropic",
    dialect: "anthropic-messages",
    ownDialect: true,
    baseUrl: "https://api.anthropic.com",
    auth: { style: "header", header: "x-api-key" },
    keyUrl: "https://platform.claude.com/settings/keys",
    model: "claude-sonnet-5-5",
    kinds: { countTokens: {} },
    models: {
      "claude-sonnet-5-5": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "claude-opus-5-5": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "claude-haiku-5-5": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "claude-fable-5-2": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "claude-fable-5-1": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "claude-haiku-4-5": { contextWindow: 200000, maxOutputTokens: 64000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    },
    prefill: ["*claude-haiku-4-5*", "*claude-sonnet-4-5*", "*claude-opus-4-5*", "*claude-opus-4-1*"],
    headFirst: true,
    variables: { version: { env: [], default: "2023-06-01", what: "the version of the API" } },
    headers: { "anthropic-version": "{version}" },
    files: { path: "/v1/files", api: "anthropic", maxBytes: 524288000 },
    batches: { api: "anthropic-batches", kinds: ["chat"], rows: 100000, bytes: 250000000, price: 0.5, windows: [24] },
  },
  "assemblyai": {
    id: "assemblyai",
    label: "AssemblyAI",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://api.assemblyai.com/v2",
    auth: { style: "header", header: "authorization" },
    keyUrl: "https://www.assemblyai.com/dashboard/api-keys",
    modelsPath: null,
    kinds: { transcribe: { api: "assemblyai-transcription", model: "universal-2" } },
  },
  "avian": {
    id: "avian",
    label: "Avian",
    priceId: "avian",
    dialect: "openai-chat",
    baseUrl: "https://api.avian.io/v1",
    model: "deepseek/deepseek-v4-pro-0813",
    models: {
      "deepseek/deepseek-v4-pro-0813": { contextWindow: 1000000, maxOutputTokens: 393216, input: ["text"], reasoning: true },
      "deepseek/deepseek-v4-flash": { contextWindow: 1000000, input: ["text"], reasoning: true },
      "z-ai/glm-5.2": { contextWindow: 1048576, input: ["text"] },
      "moonshotai/kimi-k2.6": { contextWindow: 262144 },
      "moonshotai/kimi-k2.5": { contextWindow: 262144, tools: true },
    },
  },
  "azure-content-safety": {
    id: "azure-content-safety",
    label: "Azure AI Content Safety",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://{resource}.cognitiveservices.azure.com/contentsafety",
    auth: { style: "header", header: "ocp-apim-subscription-key" },
    keyEnv: ["CONTENT_SAFETY_KEY"],
    addressEnv: ["CONTENT_SAFETY_ENDPOINT"],
    keyUrl: "https://portal.azure.com",
    variables: { resource: { env: ["AZURE_CONTENT_SAFETY_RESOURCE"], what: "the name of the Azure resource" } },
    query: { "api-version": "2024-09-01" },
    modelsPath: null,
    kinds: { moderate: { api: "azure-content-safety", model: "content-safety" } },
  },
  "azure-openai": {
    id: "azure-openai",
    label: "Azure OpenAI",
    priceId: "azure",
    telemetryName: "azure.ai.openai",
    dialect: "openai-chat",
    baseUrl: "https://{resource}.openai.azure.com/openai/v1",
    kinds: { embed: {} },
    auth: { style: "header", header: "api-key" },
    keyEnv: ["AZURE_API_KEY"],
    credentials: [{ tokens: true, prefixes: ["eyJ"], env: ["AZURE_OPENAI_AD_TOKEN"], auth: { style: "bearer" } }],
    addressEnv: ["AZURE_OPENAI_ENDPOINT"],
    keyUrl: "https://portal.azure.com",
    variables: { resource: { env: ["AZURE_RESOURCE_NAME", "AZURE_OPENAI_RESOURCE"], what: "the name of the Azure resource" }, apiVersion: { env: [], what: "the version of the API, which /openai/v1 does not need" } },
    query: { "api-version": "{apiVersion}" },
    quirks: { maxTokensField: "max_completion_tokens", maxToolCallId: 40, needsJsonWord: true, bounds: { temperature: 2, logprobs: 20, stops: 4, fileBytes: 52428800 }, maxTools: 128, imageTypes: ["image/png", "image/jpeg", "image/webp", "image/gif"], metadataNeedsStore: true },
    files: { path: "/files", api: "openai-uploads", maxBytes: 536870912, purpose: "assistants" },
    batches: { api: "openai-batches", kinds: ["chat", "embed"], rows: 100000, bytes: 200000000, price: 0.5, windows: [24] },
  },
  "azure-openai-responses": {
    id: "azure-openai-responses",
    label: "Azure OpenAI (Responses)",
    priceId: "azure",
    telemetryName: "azure.ai.openai",
    dialect: "openai-responses",
    baseUrl: "https://{resource}.openai.azure.com/openai/v1",
    kinds: { embed: {} },
    auth: { style: "header", header: "api-key" },
    keyEnv: ["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"],
    credentials: [{ tokens: true, prefixes: ["eyJ"], env: ["AZURE_OPENAI_AD_TOKEN"], auth: { style: "bearer" } }],
    addressEnv: ["AZURE_OPENAI_ENDPOINT"],
    keyUrl: "https://portal.azure.com",
    variables: { resource: { env: ["AZURE_RESOURCE_NAME", "AZURE_OPENAI_RESOURCE"], what: "the name of the Azure resource" }, apiVersion: { env: [], what: "the version of the API, which /openai/v1 does not need" } },
    query: { "api-version": "{apiVersion}" },
    quirks: { stateFamily: "azure-openai", background: true },
    files: { path: "/files", api: "openai-uploads", maxBytes: 536870912, purpose: "assistants" },
    batches: { api: "openai-batches", kinds: ["chat", "embed"], rows: 100000, bytes: 200000000, price: 0.5, windows: [24] },
  },
  "baidu": {
    id: "baidu",
    label: "Baidu Qianfan (ERNIE)",
    dialect: "openai-chat",
    baseUrl: "https://qianfan.baidubce.com/v2",
    keyEnv: ["QIANFAN_API_KEY"],
    model: "ernie-5.1",
    models: {
      "ernie-5.1": { tools: true },
      "ernie-5.5-flash-preview": { contextWindow: 1000000, reasoning: true },
    },
    quirks: { errorCodes: { PROVIDER_ERROR: [1, 336000], OVERLOADED: [2, 336100], MODEL_NOT_FOUND: [3], RATE_LIMIT: [4, 18, 336501, 336502, 336503, 336504, 336505], PERMISSION_DENIED: [6], AUTH_FAILED: [13, 14, 15, 100, 110, 111], QUOTA_EXHAUSTED: [17, 19], INVALID_REQUEST: [336001, 336002, 336003, 336004, 336005, 336006], CONTEXT_TOO_LONG: [336007, 336103, 336104] } },
  },
  "baseten": {
    id: "baseten",
    label: "Baseten",
    priceId: "baseten",
    dialect: "openai-chat",
    baseUrl: "https://inference.baseten.co/v1",
    keyUrl: "https://app.baseten.co/settings/api_keys",
    model: "zai-org/GLM-5.3-Flash",
    models: {
      "zai-org/GLM-5.3-Flash": { contextWindow: 1048576, maxOutputTokens: 131072, input: ["text", "image"], tools: true, reasoning: true },
      "zai-org/GLM-5.3": { contextWindow: 1048576, maxOutputTokens: 262144, input: ["text", "image"], tools: true, reasoning: true },
      "openai/gpt-oss-120b": { contextWindow: 128072, maxOutputTokens: 128072, input: ["text"], tools: true, reasoning: true },
      "moonshotai/Kimi-K3": { contextWindow: 1048576, maxOutputTokens: 262144, input: ["text", "image"], tools: true, reasoning: true },
      "deepseek-ai/DeepSeek-V4.1-Flash": { contextWindow: 1048576, maxOutputTokens: 32768, input: ["text", "image"], tools: true, reasoning: true },
      "deepseek-ai/DeepSeek-V4-Pro-0813": { contextWindow: 1048576, maxOutputTokens: 262144, input: ["text"], tools: true, reasoning: true },
    },
  },
  "bedrock": {
    id: "bedrock",
    label: "Amazon Bedrock",
    priceId: "aws",
    telemetryName: "aws.bedrock",
    dialect: "bedrock-converse",
    ownDialect: true,
    baseUrl: "https://bedrock-runtime.{region}.amazonaws.com",
    auth: { style: "sigv4", service: "bedrock" },
    keyEnv: ["AWS_BEARER_TOKEN_BEDROCK"],
    keyUrl: "https://console.aws.amazon.com/bedrock/home#/api-keys",
    model: "us.anthropic.claude-sonnet-5-5",
    kinds: { embed: { model: "amazon.titan-embed-text-v2:0" }, rerank: { model: "cohere.rerank-v3-5:0" }, countTokens: {} },
    models: {
      "us.anthropic.claude-sonnet-5-5": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "us.anthropic.claude-haiku-5-5": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "us.anthropic.claude-sonnet-4-6": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "us.anthropic.claude-haiku-4-5-20251001-v1:0": { contextWindow: 200000, maxOutputTokens: 64000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "us.amazon.nova-2-lite-v1:0": { contextWindow: 1000000, maxOutputTokens: 65535, input: ["text", "image", "video", "pdf"], tools: true, reasoning: true },
      "us.amazon.nova-pro-v1:0": { contextWindow: 300000, maxOutputTokens: 10000, input: ["text", "image", "video", "pdf"], tools: true, reasoning: false },
    },
    prefill: ["*claude-haiku-4-5*", "*claude-sonnet-4-5*", "*claude-opus-4-5*", "*claude-opus-4-1*"],
    variables: { region: { env: ["AWS_REGION", "AWS_DEFAULT_REGION"], default: "us-east-1", what: "the AWS region" }, batchRole: { env: ["AWS_BEDROCK_BATCH_ROLE_ARN"], what: "the ARN of the role that reads and writes the files of batches" }, batchFiles: { env: ["AWS_BEDROCK_BATCH_S3_URI"], what: "where the files of batches are, such as s3://bucket/prefix" }, s3Url: { env: ["AWS_ENDPOINT_URL_S3"], what: "the address of S3, where it is not that of the region" }, controlUrl: { env: ["AWS_ENDPOINT_URL_BEDROCK"], what: "the address of Bedrock's jobs, where it is not that of the region" } },
    batches: { api: "bedrock-batches", needs: ["batchRole", "batchFiles"], kinds: ["chat", "embed"], rows: 50000, bytes: 1000000000, minRows: 100, price: 0.5, windows: [24, 48, 72, 96, 120, 144, 168] },
    modelsPath: null,
  },
  "bedrock-mantle": {
    id: "bedrock-mantle",
    label: "Amazon Bedrock (mantle)",
    priceId: "aws",
    telemetryName: "aws.bedrock",
    dialect: "openai-responses",
    baseUrl: "https://bedrock-mantle.{region}.api.aws/v1",
    keyEnv: ["BEDROCK_API_KEY", "AWS_BEARER_TOKEN_BEDROCK"],
    keyUrl: "https://console.aws.amazon.com/bedrock/home#/api-keys",
    model: "openai.gpt-5.6-luna",
    models: {
      "openai.gpt-5.6-luna": { tools: true, reasoning: true },
      "openai.gpt-5.5": { tools: true, reasoning: true },
      "openai.gpt-oss-20b": { tools: true, reasoning: true },
    },
    variables: { region: { env: ["AWS_REGION", "AWS_DEFAULT_REGION"], default: "us-east-1", what: "the AWS region" } },
    quirks: { byModel: [{ match: ["openai.gpt-5*"], quirks: { encryptedReasoning: true } }] },
  },
  "bfl": {
    id: "bfl",
    label: "Black Forest Labs",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://api.bfl.ai/v1",
    auth: { style: "header", header: "x-key" },
    keyUrl: "https://dashboard.bfl.ai/",
    modelsPath: null,
    kinds: { image: { api: "bfl-images", model: "flux-2-pro" } },
    hosts: ["bfl.ai"],
  },
  "cartesia": {
    id: "cartesia",
    label: "Cartesia",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://api.cartesia.ai",
    keyUrl: "https://play.cartesia.ai/keys",
    headers: { "cartesia-version": "2025-04-16" },
    modelsPath: null,
    kinds: { transcribe: { api: "cartesia-transcription", model: "ink-whisper" }, speak: { api: "cartesia-speak", model: "sonic-3" } },
  },
  "cerebras": {
    id: "cerebras",
    label: "Cerebras",
    priceId: "cerebras",
    dialect: "openai-chat",
    baseUrl: "https://api.cerebras.ai/v1",
    keyUrl: "https://cloud.cerebras.ai",
    model: "gpt-oss-120b",
    models: {
      "gpt-oss-120b": { contextWindow: 131072, maxOutputTokens: 40960, input: ["text"], tools: true, reasoning: true },
      "qwen-3.8-27b": { contextWindow: 131072, maxOutputTokens: 40960, input: ["text", "image"], tools: true, reasoning: true },
      "zai-glm-4.7": { tools: true, reasoning: true },
    },
    quirks: { strictSchemas: "closed", noToolsWithFormat: true, reasoningHistory: "reasoning", reasoningEfforts: ["none", "low", "medium", "high"], omit: ["metadata", "store", "verbosity"], bounds: { stops: 4, temperature: 2, logprobs: 20 }, cacheKeyField: "prompt_cache_key" },
  },
  "chutes": {
    id: "chutes",
    label: "Chutes",
    dialect: "openai-chat",
    baseUrl: "https://llm.chutes.ai/v1",
    keyEnv: ["CHUTES_API_TOKEN"],
    model: "moonshotai/Kimi-K2.6-TEE",
    models: {
      "moonshotai/Kimi-K2.6-TEE": { contextWindow: 262144, maxOutputTokens: 65535, input: ["text", "image"], tools: true, reasoning: true },
      "moonshotai/Kimi-K3-TEE": { contextWindow: 1048576, input: ["text", "image"], tools: true, reasoning: true },
      "deepseek-ai/DeepSeek-V4-Flash-0731-TEE": { contextWindow: 1048576, input: ["text"], tools: true, reasoning: true },
      "zai-org/GLM-5.2-TEE": { contextWindow: 1048576, input: ["text"], tools: true },
      "Qwen/Qwen3.8-27B-TEE": { contextWindow: 262144, input: ["text", "image"], tools: true },
    },
  },
  "cloudflare": {
    id: "cloudflare",
    label: "Cloudflare Workers AI",
    priceId: "cloudflare",
    dialect: "openai-chat",
    baseUrl: "https://api.cloudflare.com/client/v4/accounts/{accountId}/ai/v1",
    keyEnv: ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_AUTH_TOKEN"],
    keyUrl: "https://dash.cloudflare.com/profile/api-tokens",
    model: "@cf/openai/gpt-oss-120b",
    models: {
      "@cf/openai/gpt-oss-120b": { contextWindow: 128000, maxOutputTokens: 16384, input: ["text"], tools: true, reasoning: true },
      "@cf/openai/gpt-oss-20b": { contextWindow: 128000, maxOutputTokens: 16384, input: ["text"], tools: true, reasoning: true },
      "@cf/zai-org/glm-5.3-flash": { contextWindow: 1048576, maxOutputTokens: 1048576, input: ["text", "image"], tools: true, reasoning: true },
      "@cf/qwen/qwen3.8-27b": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text", "image"], tools: true, reasoning: true },
      "@cf/meta/llama-3.3-70b-instruct-fp8-fast": { contextWindow: 24000, maxOutputTokens: 24000, input: ["text"], tools: true, reasoning: false },
      "@cf/meta/llama-4-scout-17b-16e-instruct": { contextWindow: 131000, maxOutputTokens: 16384, input: ["text", "image"], tools: true, reasoning: false },
    },
    variables: { accountId: { env: ["CLOUDFLARE_ACCOUNT_ID"], what: "the account id" } },
    modelsPath: null,
    quirks: { emptyContent: "empty" },
  },
  "cohere": {
    id: "cohere",
    label: "Cohere",
    priceId: "cohere",
    dialect: "cohere-chat",
    ownDialect: true,
    baseUrl: "https://api.cohere.com/v2",
    keyEnv: ["CO_API_KEY"],
    keyUrl: "https://dashboard.cohere.com/api-keys",
    model: "command-a-plus-05-2026",
    kinds: { embed: { model: "embed-v4.0" }, rerank: { model: "rerank-v4.0-pro" }, transcribe: { api: "cohere-transcription", model: "cohere-transcribe-03-2026" } },
    models: {
      "command-a-plus-05-2026": { contextWindow: 200000, tools: true },
      "command-a-03-2025": { contextWindow: 256000, tools: true },
      "command-a-reasoning-08-2025": { contextWindow: 256000, maxOutputTokens: 32000, input: ["text"], tools: true, reasoning: true },
      "command-r7b-12-2024": { tools: true },
    },
  },
  "crusoe": {
    id: "crusoe",
    label: "Crusoe Managed Inference",
    dialect: "openai-chat",
    baseUrl: "https://api.inference.crusoecloud.com/v1",
    model: "deepseek-ai/DeepSeek-V4-Flash",
    models: {
      "deepseek-ai/DeepSeek-V4-Flash": { contextWindow: 1000000, input: ["text"] },
      "deepseek-ai/DeepSeek-V4-Pro": { contextWindow: 1000000, input: ["text"] },
      "openai/gpt-oss-120b": { contextWindow: 128000, input: ["text"], tools: true, reasoning: true },
      "zai/GLM-5.3": { contextWindow: 1000000, input: ["text"] },
      "moonshotai/Kimi-K2.6": { contextWindow: 256000, input: ["text", "image"] },
    },
  },
  "databricks": {
    id: "databricks",
    label: "Databricks",
    dialect: "openai-chat",
    baseUrl: "{host}/serving-endpoints",
    keyEnv: ["DATABRICKS_TOKEN"],
    keyUrl: "https://docs.databricks.com/aws/en/dev-tools/auth/pat",
    model: "databricks-claude-sonnet-4-6",
    models: {
      "databricks-claude-sonnet-4-6": { tools: true },
      "databricks-gpt-5-6-sol": { tools: true },
      "databricks-gpt-5-mini": { tools: true },
      "databricks-gemini-3-flash": { tools: true },
      "databricks-gpt-oss-120b": { tools: true },
      "databricks-gpt-oss-20b": { tools: true },
    },
    variables: { host: { env: ["DATABRICKS_HOST"], what: "the workspace's address, such as dbc-1234.cloud.databricks.com", address: { scheme: "https" } } },
    modelsPath: null,
  },
  "deepgram": {
    id: "deepgram",
    label: "Deepgram",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://api.deepgram.com/v1",
    auth: { style: "header", header: "authorization", prefix: "Token " },
    keyUrl: "https://console.deepgram.com/",
    modelsPath: null,
    kinds: { transcribe: { api: "deepgram-listen", model: "nova-3" }, speak: { api: "deepgram-speak", model: "aura-2-thalia-en" } },
  },
  "deepinfra": {
    id: "deepinfra",
    label: "DeepInfra",
    dialect: "openai-chat",
    baseUrl: "https://api.deepinfra.com/v1/openai",
    keyEnv: ["DEEPINFRA_TOKEN"],
    keyUrl: "https://deepinfra.com/dash/api_keys",
    model: "deepseek-ai/DeepSeek-V4-Flash-0731",
    kinds: { embed: {} },
    models: {
      "deepseek-ai/DeepSeek-V4-Flash-0731": { contextWindow: 1048576, input: ["text"], tools: true, reasoning: true },
      "deepseek-ai/DeepSeek-V4.1-Flash": { tools: true },
      "openai/gpt-oss-120b": { contextWindow: 131072, input: ["text"], tools: true, reasoning: true },
      "moonshotai/Kimi-K3": { contextWindow: 1048576, input: ["text", "image"], tools: true, reasoning: true },
      "zai-org/GLM-5.2": { tools: true, reasoning: true },
      "meta-llama/Llama-4-Scout-17B-16E-Instruct": { contextWindow: 327680, input: ["text", "image"], tools: true },
    },
    quirks: { usageExcludesReasoning: true },
  },
  "deepseek": {
    id: "deepseek",
    label: "DeepSeek",
    priceId: "deepseek",
    dialect: "openai-chat",
    baseUrl: "https://api.deepseek.com",
    keyUrl: "https://platform.deepseek.com/api_keys",
    model: "deepseek-flash",
    models: {
      "deepseek-flash": { contextWindow: 1000000, maxOutputTokens: 384000, input: ["text", "image"], tools: true, reasoning: true },
      "deepseek-v4-pro": { contextWindow: 1000000, maxOutputTokens: 384000, input: ["text"], tools: true, reasoning: true },
      "deepseek-v4-flash": { contextWindow: 1000000, tools: true },
    },
    quirks: { reasoningRequest: "thinking", thinkingEffort: true, reasoningEfforts: ["low", "high", "max"], noSamplingWithReasoning: true, reasoningHistory: "reasoning_content", reasoningHistoryRequired: true, structuredOutput: "json-object", needsJsonWord: true, userField: "user_id", omit: ["presencePenalty", "frequencyPenalty", "seed", "logitBias", "parallelToolCalls", "serviceTier", "metadata", "store", "prediction", "verbosity"], noStrictTools: true, byModel: [{ match: ["deepseek-v4-pro*"], quirks: { textOnly: true } }] },
  },
  "elevenlabs": {
    id: "elevenlabs",
    label: "ElevenLabs",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://api.elevenlabs.io/v1",
    auth: { style: "header", header: "xi-api-key" },
    keyUrl: "https://elevenlabs.io/app/settings/api-keys",
    modelsPath: null,
    kinds: { transcribe: { api: "elevenlabs-transcription", model: "scribe_v2" }, speak: { api: "elevenlabs-speak", model: "eleven_multilingual_v2" } },
  },
  "fal": {
    id: "fal",
    label: "fal",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://queue.fal.run",
    auth: { style: "header", header: "authorization", prefix: "Key " },
    keyEnv: ["FAL_KEY"],
    keyUrl: "https://fal.ai/dashboard/keys",
    modelsPath: null,
    kinds: { image: { api: "fal-images", model: "fal-ai/flux/schnell" }, transcribe: { api: "fal-transcription", model: "fal-ai/wizper" } },
  },
  "featherless": {
    id: "featherless",
    label: "Featherless AI",
    dialect: "openai-chat",
    baseUrl: "https://api.featherless.ai/v1",
    keyUrl: "https://featherless.ai/account/api-keys",
    model: "unsloth/Llama-3.3-70B-Instruct",
    models: {
      "unsloth/Llama-3.3-70B-Instruct": { contextWindow: 32768, input: ["text"] },
      "meta-llama/Llama-3.3-70B-Instruct": { contextWindow: 32768, input: ["text"] },
      "moonshotai/Kimi-K2-Instruct": { tools: true },
    },
  },
  "fireworks": {
    id: "fireworks",
    label: "Fireworks AI",
    priceId: "fireworks",
    dialect: "openai-chat",
    baseUrl: "https://api.fireworks.ai/inference/v1",
    keyEnv: ["FIREWORKS_AI_API_KEY"],
    keyUrl: "https://app.fireworks.ai/settings/users/api-keys",
    model: "accounts/fireworks/models/deepseek-v4p1-flash",
    kinds: { embed: {}, decide: {} },
    models: {
      "accounts/fireworks/models/deepseek-v4p1-flash": { contextWindow: 1000000, maxOutputTokens: 384000, input: ["text", "image"], tools: true, reasoning: true },
      "accounts/fireworks/models/kimi-k3": { contextWindow: 1048576, maxOutputTokens: 131072, input: ["text", "image"], tools: true, reasoning: true },
      "accounts/fireworks/models/glm-5p3": { contextWindow: 1048573, maxOutputTokens: 262144, input: ["text"], tools: true, reasoning: true },
      "accounts/fireworks/models/glm-5p3-flash": { contextWindow: 1048573, maxOutputTokens: 131072, input: ["text", "image"], tools: true, reasoning: true },
      "accounts/fireworks/models/minimax-m3": { contextWindow: 512000, maxOutputTokens: 512000, input: ["text"], tools: true, reasoning: true },
      "accounts/fireworks/routers/deepseek-flash-latest": { contextWindow: 1000000, maxOutputTokens: 384000, input: ["text", "image"], tools: true, reasoning: true },
    },
    quirks: { reasoningEfforts: ["low", "medium", "high"], topK: true, byModel: [{ match: ["*deepseek-r1*"], quirks: { thinkTags: true } }] },
  },
  "friendli": {
    id: "friendli",
    label: "FriendliAI",
    dialect: "openai-chat",
    baseUrl: "https://api.friendli.ai/serverless/v1",
    keyEnv: ["FRIENDLI_TOKEN"],
    keyUrl: "https://suite.friendli.ai/team/tokens",
    model: "zai-org/GLM-5.3",
    models: {
      "zai-org/GLM-5.3": { contextWindow: 1048576, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "zai-org/GLM-5.3-Flash": { tools: true },
      "deepseek-ai/DeepSeek-V3.2": { tools: true },
      "MiniMaxAI/MiniMax-M2.5": { tools: true },
    },
    variables: { team: { env: [], what: "the team that pays" } },
    headers: { "x-friendli-team": "{team}" },
  },
  "gladia": {
    id: "gladia",
    label: "Gladia",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://api.gladia.io/v2",
    auth: { style: "header", header: "x-gladia-key" },
    keyUrl: "https://app.gladia.io/apikeys",
    modelsPath: null,
    kinds: { transcribe: { api: "gladia-transcription", model: "solaria-1" } },
  },
  "google": {
    id: "google",
    label: "Google Gemini API",
    preferred: 3,
    priceId: "google",
    telemetryName: "gcp.gemini",
    dialect: "gemini",
    ownDialect: true,
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    auth: { style: "header", header: "x-goog-api-key" },
    keyEnv: ["GEMINI_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"],
    keyUrl: "https://aistudio.google.com/apikey",
    model: "gemini-3.8-flash",
    kinds: { embed: { model: "gemini-embedding-001" }, countTokens: {}, transcribe: { model: "gemini-3.8-flash" }, speak: { model: "gemini-2.5-flash-preview-tts", voices: { default: "Kore", names: ["Zephyr", "Puck", "Charon", "Kore", "Fenrir", "Leda", "Orus", "Aoede", "Callirrhoe", "Autonoe", "Enceladus", "Iapetus", "Umbriel", "Algieba", "Despina", "Erinome", "Algenib", "Rasalgethi", "Laomedeia", "Achernar", "Alnilam", "Schedar", "Gacrux", "Pulcherrima", "Achird", "Zubenelgenubi", "Vindemiatrix", "Sadachbia", "Sadaltager", "Sulafat"] } }, image: { model: "gemini-2.5-flash-image" } },
    models: {
      "gemini-3.8-flash": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "gemini-4-argon": { contextWindow: 1048576, maxOutputTokens: 32768, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "gemini-3.6-flash": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "gemini-3.5-flash-lite": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "gemini-3.1-flash-lite": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "gemini-2.5-flash": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    },
    files: { path: "/files", api: "gemini", maxBytes: 2147483648 },
    batches: { api: "gemini-batches", kinds: ["chat", "embed"], rows: 100000, bytes: 2000000000, price: 0.5, windows: [24], webhook: true },
  },
  "gpustack": {
    id: "gpustack",
    label: "GPUStack",
    dialect: "openai-chat",
    baseUrl: "http://localhost/v1",
    keyOptional: true,
    local: true,
  },
  "groq": {
    id: "groq",
    label: "Groq",
    preferred: 5,
    priceId: "groq",
    dialect: "openai-chat",
    baseUrl: "https://api.groq.com/openai/v1",
    keyUrl: "https://console.groq.com/keys",
    model: "openai/gpt-oss-120b",
    kinds: { transcribe: { model: "whisper-large-v3-turbo" }, speak: { model: "canopylabs/orpheus-v1-english", voices: { default: "autumn", names: ["autumn", "diana", "hannah", "austin", "daniel", "troy"], byModel: [{ match: ["canopylabs/orpheus-arabic-*"], default: "fahad", names: ["abdullah", "fahad", "sultan", "lulwa", "noura", "aisha"] }] } } },
    models: {
      "openai/gpt-oss-120b": { contextWindow: 131072, maxOutputTokens: 65536, input: ["text"], tools: true, reasoning: true },
      "openai/gpt-oss-20b": { contextWindow: 131072, maxOutputTokens: 65536, input: ["text"], tools: true, reasoning: true },
      "qwen/qwen3.8-27b": { contextWindow: 131072, maxOutputTokens: 16384, input: ["text", "image"], tools: true, reasoning: true },
      "qwen/qwen3.6-27b": { contextWindow: 131072, maxOutputTokens: 16384, input: ["text", "image"], tools: true, reasoning: true },
    },
    prefill: ["*"],
    headFirst: true,
    quirks: { omit: ["logprobs", "logitBias", "presencePenalty", "frequencyPenalty", "metadata", "store"], bounds: { stops: 4, temperature: 2 }, serviceTiers: { standard: "on_demand", priority: "performance", fast: null }, noToolsWithFormat: true, reasoningRequest: "none", byModel: [{ match: ["openai/gpt-oss-*"], quirks: { reasoningRequest: "reasoning_effort", reasoningEfforts: ["low", "medium", "high"] } }] },
    files: { path: "/files", api: "openai", maxBytes: 104857600, purpose: null, expiry: false },
    batches: { api: "openai-batches", kinds: ["chat"], rows: 50000, bytes: 100000000, price: 0.5, windows: [24, 48, 72, 96, 120, 144, 168] },
  },
  "heroku": {
    id: "heroku",
    label: "Heroku Managed Inference",
    dialect: "openai-chat",
    baseUrl: "{host}/v1",
    keyEnv: ["INFERENCE_KEY"],
    keyUrl: "https://devcenter.heroku.com/categories/heroku-inference",
    model: "claude-4-5-sonnet",
    models: {
      "claude-4-5-sonnet": { tools: true },
      "claude-4-5-haiku": { tools: true },
      "gpt-oss-120b": { tools: true, reasoning: true },
    },
    variables: { host: { env: ["INFERENCE_URL"], default: "https://us.inference.heroku.com", what: "the add-on's address", address: { scheme: "https" } } },
    modelsPath: null,
  },
  "huggingface": {
    id: "huggingface",
    label: "Hugging Face",
    dialect: "openai-chat",
    baseUrl: "https://router.huggingface.co/v1",
    keyEnv: ["HF_TOKEN"],
    keyUrl: "https://huggingface.co/settings/tokens",
    model: "deepseek-ai/DeepSeek-V4.1-Flash",
    kinds: { embed: { api: "hf-feature-extraction", model: "intfloat/multilingual-e5-large" }, transcribe: { api: "hf-transcription", model: "openai/whisper-large-v3" } },
    models: {
      "deepseek-ai/DeepSeek-V4.1-Flash": { contextWindow: 1048576, maxOutputTokens: 384000, input: ["text", "image"], tools: true, reasoning: true },
      "openai/gpt-oss-120b": { contextWindow: 131072, maxOutputTokens: 32768, input: ["text"], tools: true, reasoning: true },
      "openai/gpt-oss-20b": { contextWindow: 131072, maxOutputTokens: 32768, input: ["text"], tools: true, reasoning: true },
      "moonshotai/Kimi-K3": { contextWindow: 1000000, maxOutputTokens: 131072, input: ["text", "image"], tools: true, reasoning: true },
      "Qwen/Qwen3.8-27B": { contextWindow: 262144, maxOutputTokens: 32768, input: ["text", "image"], tools: true, reasoning: true },
      "meta-llama/Llama-3.3-70B-Instruct": { contextWindow: 131072, maxOutputTokens: 4096, input: ["text"], tools: true, reasoning: false },
    },
  },
  "hyperbolic": {
    id: "hyperbolic",
    label: "Hyperbolic",
    dialect: "openai-chat",
    baseUrl: "https://api.hyperbolic.xyz/v1",
    keyUrl: "https://app.hyperbolic.ai/settings",
    model: "meta-llama/Llama-3.3-70B-Instruct",
    quirks: { byModel: [{ match: ["*DeepSeek-R1*"], quirks: { thinkTags: true } }] },
  },
  "iflytek-spark": {
    id: "iflytek-spark",
    label: "iFlytek Spark",
    dialect: "openai-chat",
    baseUrl: "https://spark-api-open.xf-yun.com/v1",
    keyEnv: ["SPARK_API_KEY", "SPARK_API_PASSWORD"],
    keyUrl: "https://console.xfyun.cn",
    model: "4.0Ultra",
    models: {
      "4.0Ultra": { contextWindow: 32768, tools: true },
      "generalv3.5": { contextWindow: 8192, tools: true },
      generalv3: { contextWindow: 8192, tools: false },
      "pro-128k": { contextWindow: 131072, tools: false },
      lite: { contextWindow: 8192, tools: false },
    },
    modelsPath: null,
    quirks: { errorCodes: { INVALID_REQUEST: [10003, 10004, 10005, 10163], RATE_LIMIT: [10006, 10007, 11201, 11202, 11203], OVERLOADED: [10008, 10010], PROVIDER_ERROR: [10012, 10110], CONTENT_FILTERED: [10013, 10014, 10019], CONTEXT_TOO_LONG: [10907], PERMISSION_DENIED: [11200], AUTH_FAILED: [10313, 10314] }, byModel: [{ match: ["lite", "generalv3", "pro-128k"], quirks: { systemRole: "user", omit: ["tools"] } }] },
  },
  "inception": {
    id: "inception",
    label: "Inception Labs",
    dialect: "openai-chat",
    baseUrl: "https://api.inceptionlabs.ai/v1",
    keyEnv: ["INCEPTION_LABS_API_KEY"],
    keyUrl: "https://platform.inceptionlabs.ai/dashboard/api-keys",
    model: "mercury-2",
    models: {
      "mercury-2": { contextWindow: 128000, maxOutputTokens: 50000, input: ["text"], tools: true, reasoning: true },
      "mercury-2.5": { tools: true },
    },
  },
  "inference-net": {
    id: "inference-net",
    label: "Inference.net",
    dialect: "openai-chat",
    baseUrl: "https://api.inference.net/v1",
    keyEnv: ["INFERENCE_API_KEY"],
    model: "glm-5.2",
    models: {
      "glm-5.2": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text"], tools: true },
      "glm-5.3": { contextWindow: 1048576, input: ["text"], tools: true },
      "glm-5.3-flash": { contextWindow: 1048576, input: ["text", "image"], tools: true },
      "llama-3.3-70b-instruct": { contextWindow: 131072, input: ["text"] },
      "gpt-4.1-mini": { contextWindow: 1047576, input: ["text", "image"], tools: true },
    },
  },
  "jina": {
    id: "jina",
    label: "Jina AI",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://api.jina.ai/v1",
    keyUrl: "https://jina.ai/embeddings/",
    modelsPath: null,
    kinds: { embed: { api: "jina-embeddings", model: "jina-embeddings-v3" }, rerank: { api: "cohere-rerank", model: "jina-reranker-v2-base-multilingual" } },
  },
  "llamacpp": {
    id: "llamacpp",
    label: "llama.cpp",
    preferred: 3,
    dialect: "openai-chat",
    baseUrl: "http://localhost:9931/v1",
    keyEnv: ["LLAMA_API_KEY"],
    keyOptional: true,
    model: "default",
    quirks: { topK: true, toolChoices: ["auto", "none", "required"] },
    kinds: { embed: {}, rerank: { api: "cohere-rerank" }, transcribe: {} },
    local: true,
  },
  "lmstudio": {
    id: "lmstudio",
    label: "LM Studio",
    preferred: 2,
    dialect: "openai-chat",
    baseUrl: "http://localhost:1234/v1",
    keyEnv: ["LM_API_TOKEN"],
    keyOptional: true,
    keyUrl: "https://lmstudio.ai/docs/developer/core/authentication",
    model: "openai/gpt-oss-20b",
    kinds: { embed: {} },
    models: {
      "openai/gpt-oss-20b": { tools: true, reasoning: true },
      "qwen/qwen3-30b-a3b-2507": { tools: true },
      "zai-org/glm-4.7-flash": { tools: true },
    },
    quirks: { topK: true, toolChoices: ["auto", "none", "required"] },
    local: true,
  },
  "minimax": {
    id: "minimax",
    label: "MiniMax",
    dialect: "openai-chat",
    baseUrl: "https://api.minimax.io/v1",
    model: "MiniMax-M3",
    models: {
      "MiniMax-M3": { contextWindow: 1000000, maxOutputTokens: 524288, tools: true, reasoning: true },
      "MiniMax-M3.1-Flash": { contextWindow: 1000000, maxOutputTokens: 524288, tools: true, reasoning: true },
      "MiniMax-M2.7": { contextWindow: 204800, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "MiniMax-M2.7-highspeed": { contextWindow: 204800, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
    },
    quirks: { maxTokensField: "max_completion_tokens", bounds: { temperature: 1 }, body: { reasoning_split: true }, reasoningHistory: "reasoning_details", reasoningRequest: "none", errorCodes: { PROVIDER_ERROR: [1000, 1001, 1013, 1024, 1033], RATE_LIMIT: [1002, 1039, 1041, 2045, 2056], AUTH_FAILED: [1004, 2049], QUOTA_EXHAUSTED: [1008], CONTENT_FILTERED: [1026, 1027], INVALID_REQUEST: [1042, 2013] }, byModel: [{ match: ["MiniMax-M2*"], quirks: { textOnly: true } }] },
  },
  "minimax-cn": {
    id: "minimax-cn",
    label: "MiniMax (China)",
    dialect: "openai-chat",
    baseUrl: "https://api.minimaxi.com/v1",
    model: "MiniMax-M3",
    models: {
      "MiniMax-M3": { contextWindow: 1000000, maxOutputTokens: 524288, tools: true, reasoning: true },
      "MiniMax-M3.1-Flash": { contextWindow: 1000000, maxOutputTokens: 524288, tools: true, reasoning: true },
      "MiniMax-M2.7": { contextWindow: 204800, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "MiniMax-M2.7-highspeed": { contextWindow: 204800, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
    },
    quirks: { maxTokensField: "max_completion_tokens", bounds: { temperature: 1 }, body: { reasoning_split: true }, reasoningHistory: "reasoning_details", reasoningRequest: "none", errorCodes: { PROVIDER_ERROR: [1000, 1001, 1013, 1024, 1033], RATE_LIMIT: [1002, 1039, 1041, 2045, 2056], AUTH_FAILED: [1004, 2049], QUOTA_EXHAUSTED: [1008], CONTENT_FILTERED: [1026, 1027], INVALID_REQUEST: [1042, 2013] }, byModel: [{ match: ["MiniMax-M2*"], quirks: { textOnly: true } }] },
    keyEnv: ["MINIMAX_API_KEY"],
    keyUrl: "https://platform.minimaxi.com/user-center/basic-information/interface-key",
  },
  "mistral": {
    id: "mistral",
    label: "Mistral AI",
    preferred: 6,
    priceId: "mistral",
    telemetryName: "mistral_ai",
    dialect: "mistral-chat",
    ownDialect: true,
    baseUrl: "https://api.mistral.ai/v1",
    keyUrl: "https://console.mistral.ai/api-keys",
    model: "mistral-medium-latest",
    kinds: { embed: { model: "mistral-embed" }, moderate: { model: "mistral-moderation-latest" }, transcribe: { model: "voxtral-mini-latest" }, speak: { model: "voxtral-mini-tts-latest", voices: { default: "en_paul_neutral", names: ["voice_478", "voice_447", "voice_485", "voice_484", "voice_483", "voice_482", "voice_481", "voice_480", "voice_479", "en_paul_neutral", "gb_jane_neutral", "gb_oliver_neutral"], more: true } }, ocr: { model: "mistral-ocr-latest" } },
    models: {
      "mistral-large-4": { contextWindow: 1048576, maxOutputTokens: 262144, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "mistral-medium-latest": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "mistral-medium-3.5": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "mistral-small-latest": { contextWindow: 262144, maxOutputTokens: 256000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "mistral-large-latest": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text", "image", "pdf"], tools: true, reasoning: false },
      "ministral-8b-latest": { contextWindow: 262144, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: false },
    },
    prefill: ["*"],
    files: { path: "/files", api: "mistral", maxBytes: 536870912, purpose: "ocr" },
    batches: { api: "mistral-batches", kinds: ["chat", "embed", "moderate", "ocr"], rows: 1000000, bytes: 500000000, price: 0.5, windows: [24, 48, 72, 96, 120, 144, 168] },
  },
  "mistralrs": {
    id: "mistralrs",
    label: "mistral.rs",
    dialect: "openai-chat",
    baseUrl: "http://localhost:1234/v1",
    keyOptional: true,
    model: "default",
    quirks: { topK: true, toolChoices: ["auto", "none", "named"] },
    local: true,
  },
  "moonshot": {
    id: "moonshot",
    label: "Moonshot AI (Kimi)",
    priceId: "moonshotai",
    telemetryName: "moonshot_ai",
    dialect: "openai-chat",
    baseUrl: "https://api.moonshot.ai/v1",
    keyEnv: ["KIMI_API_KEY"],
    keyUrl: "https://platform.kimi.ai/console/api-keys",
    model: "kimi-k3",
    models: {
      "kimi-k3": { contextWindow: 1048576, maxOutputTokens: 1048576, input: ["text", "image", "video"], tools: true, reasoning: true },
      "kimi-k3.1-pro": { contextWindow: 1048576, maxOutputTokens: 1048576, input: ["text", "image", "video"], tools: true, reasoning: true },
      "kimi-k2.7-code": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text", "image", "video"], tools: true, reasoning: true },
      "kimi-k2.7-code-highspeed": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text", "image", "video"], tools: true, reasoning: true },
      "kimi-k2.6": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text", "image", "video"], tools: true, reasoning: true },
    },
    quirks: { omit: ["temperature", "topP", "presencePenalty", "frequencyPenalty"], reasoningHistory: "reasoning_content", reasoningHistoryRequired: true, noImageUrls: true, videoUrls: true, stripSchemaKeywords: ["$schema"], forbiddenIsQuota: true, byModel: [{ match: ["kimi-k2.6*"], quirks: { reasoningRequest: "thinking", toolChoices: ["auto", "none"] } }, { match: ["kimi-k2.7-code*"], quirks: { reasoningRequest: "none", toolChoices: ["auto", "none"] } }] },
  },
  "moonshot-cn": {
    id: "moonshot-cn",
    label: "Moonshot AI (Kimi, China)",
    priceId: null,
    telemetryName: "moonshot_ai",
    dialect: "openai-chat",
    baseUrl: "https://api.moonshot.cn/v1",
    keyEnv: ["MOONSHOT_API_KEY", "KIMI_API_KEY"],
    keyUrl: "https://platform.moonshot.cn/console/api-keys",
    model: "kimi-k3",
    models: {
      "kimi-k3": { contextWindow: 1048576, maxOutputTokens: 1048576, input: ["text", "image", "video"], tools: true, reasoning: true },
      "kimi-k3.1-pro": { contextWindow: 1048576, maxOutputTokens: 1048576, input: ["text", "image", "video"], tools: true, reasoning: true },
      "kimi-k2.7-code": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text", "image", "video"], tools: true, reasoning: true },
      "kimi-k2.7-code-highspeed": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text", "image", "video"], tools: true, reasoning: true },
      "kimi-k2.6": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text", "image", "video"], tools: true, reasoning: true },
    },
    quirks: { omit: ["temperature", "topP", "presencePenalty", "frequencyPenalty"], reasoningHistory: "reasoning_content", reasoningHistoryRequired: true, noImageUrls: true, videoUrls: true, stripSchemaKeywords: ["$schema"], forbiddenIsQuota: true, byModel: [{ match: ["kimi-k2.6*"], quirks: { reasoningRequest: "thinking", toolChoices: ["auto", "none"] } }, { match: ["kimi-k2.7-code*"], quirks: { reasoningRequest: "none", toolChoices: ["auto", "none"] } }] },
  },
  "morph": {
    id: "morph",
    label: "Morph",
    dialect: "openai-chat",
    baseUrl: "https://api.morphllm.com/v1",
    keyUrl: "https://morphllm.com/dashboard",
    model: "morph-v3-large",
    models: {
      "morph-v3-large": { contextWindow: 262144, maxOutputTokens: 131072, input: ["text"], tools: false },
      "morph-v3-fast": { contextWindow: 262144, maxOutputTokens: 131072, input: ["text"], tools: false },
    },
    quirks: { textOnly: true, omit: ["tools"] },
  },
  "nebius": {
    id: "nebius",
    label: "Nebius Token Factory",
    dialect: "openai-chat",
    baseUrl: "https://api.tokenfactory.nebius.com/v1",
    keyUrl: "https://tokenfactory.nebius.com/?modals=create-api-key",
    model: "openai/gpt-oss-120b",
    kinds: { image: {} },
    models: {
      "openai/gpt-oss-120b": { contextWindow: 131072, input: ["text"], tools: true, reasoning: true },
      "Qwen/Qwen3-235B-A22B-Instruct-2507": { contextWindow: 262144, input: ["text"], tools: true },
      "deepseek-ai/DeepSeek-V4-Flash-0731": { contextWindow: 1024000, input: ["text"], tools: true, reasoning: true },
      "Qwen/Qwen3-30B-A3B-Instruct-2507": { contextWindow: 262144, input: ["text"], tools: true },
      "moonshotai/Kimi-K3": { tools: true },
      "zai-org/GLM-5.3-Flash": { tools: true },
    },
  },
  "novita": {
    id: "novita",
    label: "Novita AI",
    priceId: "novita",
    dialect: "openai-chat",
    baseUrl: "https://api.novita.ai/openai/v1",
    keyUrl: "https://novita.ai/settings/key-management",
    model: "zai-org/glm-5.3-flash",
    models: {
      "zai-org/glm-5.3-flash": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "video"], tools: true, reasoning: true },
      "moonshotai/kimi-k3": { tools: true },
      "deepseek/deepseek-v4-pro": { tools: true },
      "minimax/minimax-m3": { contextWindow: 1000000, input: ["text", "image"], tools: true, reasoning: true },
      "meta-llama/llama-3.3-70b-instruct": { tools: true },
    },
    quirks: { byModel: [{ match: ["meta-llama/llama-3.3-70b-instruct"], quirks: { structuredOutput: "none" } }, { match: ["deepseek/deepseek-r1-distill*"], quirks: { thinkTags: true } }] },
  },
  "nvidia": {
    id: "nvidia",
    label: "NVIDIA NIM",
    dialect: "openai-chat",
    baseUrl: "https://integrate.api.nvidia.com/v1",
    keyEnv: ["NVIDIA_NIM_API_KEY"],
    keyUrl: "https://build.nvidia.com",
    model: "nvidia/nemotron-3.5-super-vl-120b-a12b",
    kinds: { embed: {} },
    models: {
      "nvidia/nemotron-3.5-super-vl-120b-a12b": { contextWindow: 1048576, maxOutputTokens: 8192, input: ["text", "image"], tools: true, reasoning: true },
      "nvidia/nemotron-3-ultra-550b-a55b": { contextWindow: 1000000, maxOutputTokens: 65536, input: ["text"], tools: true, reasoning: true },
      "nvidia/nemotron-3.5-lightning-30b-a3b": { contextWindow: 262144, maxOutputTokens: 262144, input: ["text"], tools: true, reasoning: true },
      "openai/gpt-oss-20b": { contextWindow: 131072, maxOutputTokens: 32768, input: ["text"], tools: true, reasoning: true },
      "deepseek-ai/deepseek-v4.1-flash": { contextWindow: 1000000, maxOutputTokens: 384000, input: ["text", "image"], tools: true, reasoning: true },
      "meta/llama-3.3-70b-instruct": { tools: true },
    },
    quirks: { reasoningRequest: "chat_template_kwargs" },
  },
  "ollama": {
    id: "ollama",
    label: "Ollama",
    preferred: 1,
    dialect: "ollama-chat",
    ownDialect: true,
    baseUrl: "{host}",
    keyOptional: true,
    keyUrl: "https://ollama.com/settings/keys",
    model: "gpt-oss:20b",
    kinds: { embed: {} },
    models: {
      "gpt-oss:20b": { tools: true, reasoning: true },
      "gemma4:31b": { tools: true },
      "qwen3:4b": { tools: true, reasoning: true },
      "gpt-oss:120b": { tools: true, reasoning: true },
    },
    variables: { host: { env: ["OLLAMA_HOST"], default: "http://localhost:11434", what: "the server's address", address: { scheme: "http", port: 11434 } } },
    local: true,
  },
  "ollama-cloud": {
    id: "ollama-cloud",
    label: "Ollama Cloud",
    dialect: "openai-chat",
    baseUrl: "https://ollama.com/v1",
    keyEnv: ["OLLAMA_API_KEY"],
    keyUrl: "https://ollama.com/settings/keys",
    model: "gpt-oss:120b",
    models: {
      "gpt-oss:120b": { tools: true },
      "gpt-oss:20b": { tools: true },
      "gemma4:31b": { tools: true },
      "glm-5.3-flash": { tools: true },
      "kimi-k3": { tools: true },
      "deepseek-v4.1-flash": { tools: true },
    },
    quirks: { reasoningHistory: "reasoning" },
  },
  "ollama-openai": {
    id: "ollama-openai",
    label: "Ollama (OpenAI-compatible)",
    preferred: null,
    dialect: "openai-chat",
    ownDialect: true,
    baseUrl: "{host}/v1",
    keyOptional: true,
    keyUrl: "https://ollama.com/settings/keys",
    model: "gpt-oss:20b",
    kinds: { embed: {} },
    models: {
      "gpt-oss:20b": { tools: true, reasoning: true },
      "gemma4:31b": { tools: true },
      "qwen3:4b": { tools: true, reasoning: true },
      "gpt-oss:120b": { tools: true, reasoning: true },
    },
    variables: { host: { env: ["OLLAMA_HOST"], default: "http://localhost:11434", what: "the server's address", address: { scheme: "http", port: 11434 } } },
    local: true,
    keyEnv: ["OLLAMA_API_KEY"],
    quirks: { noImageUrls: true, toolChoices: ["auto", "none", "required"], omit: ["parallelToolCalls", "serviceTier", "user", "metadata"], reasoningHistory: "reasoning" },
  },
  "openai": {
    id: "openai",
    label: "OpenAI",
    preferred: 1,
    priceId: "openai",
    dialect: "openai-chat",
    ownDialect: true,
    baseUrl: "https://api.openai.com/v1",
    keyUrl: "https://platform.openai.com/api-keys",
    model: "gpt-6.2-sol",
    kinds: { embed: { model: "text-embedding-3-small" }, moderate: { model: "omni-moderation-latest" }, countTokens: { api: "openai-input-tokens" }, transcribe: { model: "gpt-4o-transcribe" }, speak: { model: "gpt-4o-mini-tts", voices: { default: "alloy", names: ["alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse", "marin", "cedar"], more: true } }, image: { model: "gpt-image-1" }, decide: { model: "gpt-6-luna" } },
    models: {
      "gpt-6.2-sol": { contextWindow: 1050000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "gpt-6.1-sol": { contextWindow: 1050000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "gpt-6-luna": { contextWindow: 1050000, input: ["text", "image", "pdf"], tools: true },
      "gpt-6-astra": { contextWindow: 1050000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "gpt-6.1-terra": { maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "gpt-5.6-sol": { maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    },
    variables: { organization: { env: ["OPENAI_ORG_ID"], what: "the organization that pays" }, project: { env: ["OPENAI_PROJECT_ID"], what: "the project that pays" } },
    headers: { "openai-organization": "{organization}", "openai-project": "{project}" },
    quirks: { maxTokensField: "max_completion_tokens", maxToolCallId: 40, needsJsonWord: true, bounds: { temperature: 2, logprobs: 20, stops: 4, fileBytes: 52428800 }, maxTools: 128, outputModalities: ["text", "audio"], imageTypes: ["image/png", "image/jpeg", "image/webp", "image/gif"], metadataNeedsStore: true, allowedTools: true, customTools: true, cacheKeyField: "prompt_cache_key", byModel: [{ match: ["gpt-6.1-*", "gpt-6.2-*"], quirks: { reasoningEfforts: ["low", "medium", "high", "xhigh", "max"], noSamplingWithReasoning: true, omit: ["stop"] } }, { match: ["gpt-5-chat*"], quirks: { reasoningRequest: "none" } }, { match: ["gpt-*-search-preview*", "gpt-5-search-api*"], quirks: { reasoningRequest: "none", omit: ["temperature", "topP", "presencePenalty", "frequencyPenalty", "seed", "logprobs", "parallelToolCalls"] } }, { match: ["gpt-5*", "gpt-6*"], quirks: { reasoningEfforts: ["none", "minimal", "low", "medium", "high", "xhigh"], noSamplingWithReasoning: true, omit: ["stop"] } }, { match: ["o1-mini*", "o1-preview*"], quirks: { reasoningRequest: "none", noSamplingWithReasoning: true, omit: ["parallelToolCalls"] } }, { match: ["o1*", "o3-mini*"], quirks: { reasoningEfforts: ["low", "medium", "high"], noSamplingWithReasoning: true, omit: ["parallelToolCalls"] } }, { match: ["o3*", "o4*"], quirks: { reasoningEfforts: ["low", "medium", "high"], noSamplingWithReasoning: true, omit: ["stop"] } }, { match: ["gpt-4*", "gpt-3.5*", "chatgpt-*"], quirks: { reasoningRequest: "none" } }] },
    files: { path: "/files", api: "openai-uploads", maxBytes: 536870912, purpose: "user_data" },
    batches: { api: "openai-batches", kinds: ["chat", "embed", "moderate", "image"], rows: 50000, bytes: 200000000, price: 0.5, windows: [24] },
  },
  "openai-responses": {
    id: "openai-responses",
    label: "OpenAI (Responses)",
    preferred: null,
    priceId: "openai",
    dialect: "openai-responses",
    ownDialect: true,
    baseUrl: "https://api.openai.com/v1",
    keyUrl: "https://platform.openai.com/api-keys",
    model: "gpt-6.2-sol",
    kinds: { embed: { model: "text-embedding-3-small" }, moderate: { model: "omni-moderation-latest" }, countTokens: { api: "openai-input-tokens" }, transcribe: { model: "gpt-4o-transcribe" }, speak: { model: "gpt-4o-mini-tts", voices: { default: "alloy", names: ["alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse", "marin", "cedar"], more: true } }, image: { model: "gpt-image-1" }, decide: { model: "gpt-6-luna" } },
    models: {
      "gpt-6.2-sol": { contextWindow: 1050000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "gpt-6.1-sol": { contextWindow: 1050000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "gpt-6-luna": { contextWindow: 1050000, input: ["text", "image", "pdf"], tools: true },
      "gpt-6-astra": { contextWindow: 1050000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "gpt-6.1-terra": { maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "gpt-5.6-sol": { maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    },
    variables: { organization: { env: ["OPENAI_ORG_ID"], what: "the organization that pays" }, project: { env: ["OPENAI_PROJECT_ID"], what: "the project that pays" } },
    headers: { "openai-organization": "{organization}", "openai-project": "{project}" },
    quirks: { stateFamily: "openai", background: true, byModel: [{ match: ["gpt-6.1-*", "gpt-6.2-*"], quirks: { reasoningEfforts: ["low", "medium", "high", "xhigh", "max"], noSamplingWithReasoning: true, encryptedReasoning: true, cacheBreakpoints: true } }, { match: ["gpt-5-chat*", "gpt-4*", "gpt-3.5*", "chatgpt-*"], quirks: { omit: ["reasoning"] } }, { match: ["gpt-5.6*", "gpt-6-astra*"], quirks: { noSamplingWithReasoning: true, encryptedReasoning: true, cacheBreakpoints: true } }, { match: ["gpt-5*"], quirks: { noSamplingWithReasoning: true, encryptedReasoning: true } }, { match: ["gpt-6*"], quirks: { noSamplingWithReasoning: true, cacheBreakpoints: true } }, { match: ["o1*", "o3*", "o4*"], quirks: { reasoningEfforts: ["low", "medium", "high"], noSamplingWithReasoning: true, encryptedReasoning: true } }] },
    files: { path: "/files", api: "openai-uploads", maxBytes: 536870912, purpose: "user_data" },
    batches: { api: "openai-batches", kinds: ["chat", "embed", "moderate", "image"], rows: 50000, bytes: 200000000, price: 0.5, windows: [24] },
    telemetryName: "openai",
    keyEnv: ["OPENAI_API_KEY"],
    baseUrlEnv: ["OPENAI_BASE_URL"],
  },
  "opencode-zen": {
    id: "opencode-zen",
    label: "OpenCode Zen",
    dialect: "openai-chat",
    baseUrl: "https://opencode.ai/zen/v1",
    keyEnv: ["OPENCODE_API_KEY"],
    keyUrl: "https://opencode.ai/auth",
    model: "glm-5.3",
    models: {
      "glm-5.3": { contextWindow: 1000000, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "glm-5.3-flash": { contextWindow: 1000000, maxOutputTokens: 131072, input: ["text", "image"], tools: true, reasoning: true },
      "kimi-k3": { contextWindow: 1048576, maxOutputTokens: 131072, input: ["text", "image"], tools: true, reasoning: true },
      "deepseek-v4.1-flash": { contextWindow: 1000000, maxOutputTokens: 384000, input: ["text", "image"], tools: true, reasoning: true },
      "minimax-m3": { contextWindow: 512000, maxOutputTokens: 128000, input: ["text", "image"], tools: true, reasoning: true },
      "big-pickle": { contextWindow: 200000, maxOutputTokens: 32000, input: ["text"], tools: true, reasoning: true },
    },
  },
  "openrouter": {
    id: "openrouter",
    label: "OpenRouter",
    preferred: 4,
    priceId: "openrouter",
    dialect: "openai-chat",
    baseUrl: "https://openrouter.ai/api/v1",
    keyUrl: "https://openrouter.ai/settings/keys",
    model: "openai/gpt-6.1-sol",
    kinds: { embed: {}, rerank: { api: "cohere-rerank" }, transcribe: {}, speak: {}, image: { api: "openrouter-images" } },
    models: {
      "openai/gpt-6.1-sol": { contextWindow: 1050000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "anthropic/claude-sonnet-5.5": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "google/gemini-3.8-flash": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "deepseek/deepseek-v4-pro": { contextWindow: 1024000, maxOutputTokens: 384000, input: ["text", "pdf"], tools: true, reasoning: true },
      "x-ai/grok-4.7": { contextWindow: 500000, maxOutputTokens: 450000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "openrouter/auto": { contextWindow: 2000000, maxOutputTokens: 4096, tools: true, reasoning: true },
    },
    variables: { referer: { env: [], what: "the address of your application, for its rankings" }, title: { env: [], what: "the name of your application, for its rankings" } },
    headers: { "http-referer": "{referer}", "x-title": "{title}" },
    quirks: { costInDollars: true, reasoningRequest: "reasoning", reasoningHistory: "reasoning_details", fileUrls: true, videoUrls: true, topK: true, cacheControl: true },
  },
  "ovhcloud": {
    id: "ovhcloud",
    label: "OVHcloud AI Endpoints",
    priceId: "ovhcloud",
    dialect: "openai-chat",
    baseUrl: "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1",
    keyEnv: ["OVH_AI_ENDPOINTS_ACCESS_TOKEN"],
    keyUrl: "https://www.ovhcloud.com/en/public-cloud/ai-endpoints/",
    model: "gpt-oss-120b",
    models: {
      "gpt-oss-120b": { contextWindow: 131072, input: ["text"], tools: true, reasoning: true },
      "gpt-oss-20b": { contextWindow: 131072, input: ["text"], tools: true, reasoning: true },
      "Qwen3.8-27B": { contextWindow: 262144, input: ["text", "image"], tools: true },
      "Qwen3.5-397B-A17B": { contextWindow: 262144, input: ["text", "image"], tools: true },
      "Meta-Llama-3_3-70B-Instruct": { contextWindow: 131072, input: ["text"], tools: true },
    },
  },
  "parasail": {
    id: "parasail",
    label: "Parasail",
    dialect: "openai-chat",
    baseUrl: "https://api.parasail.io/v1",
    keyUrl: "https://www.saas.parasail.io/keys",
    model: "parasail-llama-33-70b-fp8",
    models: {
      "parasail-llama-33-70b-fp8": { tools: true },
    },
    quirks: { omit: ["serviceTier"] },
  },
  "perplexity": {
    id: "perplexity",
    label: "Perplexity",
    priceId: "perplexity",
    dialect: "openai-responses",
    baseUrl: "https://api.perplexity.ai/v1",
    keyEnv: ["PPLX_API_KEY"],
    keyUrl: "https://www.perplexity.ai/settings/api",
    model: "perplexity/sonar",
    kinds: { embed: { api: "perplexity-embeddings", model: "pplx-embed-v1-0.6b" } },
    models: {
      "perplexity/sonar": { reasoning: false },
      "anthropic/claude-haiku-4-5": { tools: true },
      "anthropic/claude-opus-4-5": { tools: true },
      "anthropic/claude-opus-4-6": { tools: true },
      "anthropic/claude-opus-4-7": { tools: true },
      "anthropic/claude-sonnet-4-5": { tools: true },
    },
    quirks: { omit: ["store", "include", "logprobs", "parallelToolCalls", "toolChoice", "serviceTier", "cacheKey", "user", "metadata", "maxToolCalls", "verbosity", "contextManagement"], responseFormatField: true },
  },
  "portkey": {
    id: "portkey",
    label: "Portkey",
    dialect: "openai-chat",
    baseUrl: "https://api.portkey.ai/v1",
    auth: { style: "header", header: "x-portkey-api-key" },
    variables: { provider: { env: [], what: "the provider that answers, where the model does not name it" }, config: { env: [], what: "the id of a routing config" } },
    headers: { "x-portkey-provider": "{provider}", "x-portkey-config": "{config}" },
  },
  "qwen": {
    id: "qwen",
    label: "Qwen (Alibaba Model Studio)",
    dialect: "openai-chat",
    baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    keyEnv: ["DASHSCOPE_API_KEY", "ALIBABA_API_KEY", "MODELSTUDIO_API_KEY"],
    keyUrl: "https://modelstudio.console.alibabacloud.com/?tab=model#/api-key",
    model: "qwen3.8-max",
    models: {
      "qwen3.8-max": { input: ["text", "image", "video"], tools: true, reasoning: true },
      "qwen3.8-flash": { contextWindow: 991000, input: ["text", "image", "video"], tools: true, reasoning: true },
      "qwen3.7-plus": { contextWindow: 1000000, input: ["text", "image", "video"], tools: true, reasoning: true },
      "qwen3-max": { tools: true },
      "qwen-plus": { tools: true },
      "qwen-flash": { tools: true },
    },
    quirks: { reasoningRequest: "enable_thinking", reasoningHistory: "reasoning_content", videoUrls: true, noEmptyAssistant: true, needsJsonWord: true, quotaIsRate: true },
  },
  "qwen-cn": {
    id: "qwen-cn",
    label: "Qwen (Alibaba Bailian, China)",
    dialect: "openai-chat",
    baseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1",
    keyEnv: ["DASHSCOPE_API_KEY"],
    keyUrl: "https://bailian.console.aliyun.com/?tab=model#/api-key",
    model: "qwen3.8-max",
    models: {
      "qwen3.8-max": { input: ["text", "image", "video"], tools: true, reasoning: true },
      "qwen3.8-flash": { contextWindow: 991000, input: ["text", "image", "video"], tools: true, reasoning: true },
      "qwen3.7-plus": { contextWindow: 1000000, input: ["text", "image", "video"], tools: true, reasoning: true },
      "qwen3-max": { tools: true },
      "qwen-plus": { tools: true },
      "qwen-flash": { tools: true },
    },
    quirks: { reasoningRequest: "enable_thinking", reasoningHistory: "reasoning_content", videoUrls: true, noEmptyAssistant: true, needsJsonWord: true, quotaIsRate: true },
  },
  "reka": {
    id: "reka",
    label: "Reka AI",
    dialect: "openai-chat",
    baseUrl: "https://api.reka.ai/v1",
    auth: { style: "header", header: "x-api-key" },
    keyUrl: "https://platform.reka.ai",
    model: "reka-flash",
    models: {
      "reka-flash": { tools: true },
      "reka-edge": { tools: false },
    },
    quirks: { structuredOutput: "none", byModel: [{ match: ["reka-edge*"], quirks: { omit: ["tools"] } }] },
  },
  "replicate": {
    id: "replicate",
    label: "Replicate",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://api.replicate.com/v1",
    keyEnv: ["REPLICATE_API_TOKEN"],
    keyUrl: "https://replicate.com/account/api-tokens",
    modelsPath: null,
    kinds: { image: { api: "replicate-images", model: "black-forest-labs/flux-schnell" }, speak: { api: "replicate-speak", model: "minimax/speech-02-turbo" } },
  },
  "revai": {
    id: "revai",
    label: "Rev AI",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://api.rev.ai/speechtotext/v1",
    keyEnv: ["REVAI_ACCESS_TOKEN", "REV_AI_ACCESS_TOKEN"],
    keyUrl: "https://www.rev.ai/access_token",
    modelsPath: null,
    kinds: { transcribe: { api: "revai-transcription", model: "machine" } },
  },
  "sambanova": {
    id: "sambanova",
    label: "SambaNova",
    dialect: "openai-chat",
    baseUrl: "https://api.sambanova.ai/v1",
    keyUrl: "https://cloud.sambanova.ai/apis",
    model: "gpt-oss-120b",
    kinds: { embed: {} },
    models: {
      "gpt-oss-120b": { contextWindow: 131072, input: ["text"], tools: true, reasoning: true },
      "Meta-Llama-3.3-70B-Instruct": { contextWindow: 131072, input: ["text", "image"], tools: true },
      "DeepSeek-V3.1": { contextWindow: 131072, input: ["text"], tools: true, reasoning: true },
      "MiniMax-M2.7": { contextWindow: 196608, input: ["text"], tools: true },
      "MiniMax-M3": { input: ["text", "image"], tools: true },
      "gemma-4-31B-it": { contextWindow: 131072, input: ["text", "image"] },
    },
  },
  "scaleway": {
    id: "scaleway",
    label: "Scaleway",
    dialect: "openai-chat",
    baseUrl: "https://api.scaleway.ai/v1",
    keyEnv: ["SCW_SECRET_KEY"],
    keyUrl: "https://console.scaleway.com/iam/api-keys",
    model: "mistral-small-3.2-24b-instruct-2506",
    models: {
      "mistral-small-3.2-24b-instruct-2506": { contextWindow: 128000, input: ["text", "image"], tools: true },
      "qwen3.6-35b-a3b": { contextWindow: 256000, input: ["text", "image"], tools: true, reasoning: true },
      "gemma-4-26b-a4b-it": { contextWindow: 256000, input: ["text", "image"], tools: true, reasoning: true },
      "llama-3.3-70b-instruct": { contextWindow: 100000, input: ["text"], tools: true },
      "gpt-oss-120b": { contextWindow: 128000, input: ["text"], tools: false, reasoning: true },
    },
    quirks: { byModel: [{ match: ["gpt-oss-120b"], quirks: { omit: ["tools"] } }] },
  },
  "siliconflow": {
    id: "siliconflow",
    label: "SiliconFlow",
    dialect: "openai-chat",
    baseUrl: "https://api.siliconflow.com/v1",
    keyUrl: "https://cloud.siliconflow.com/account/ak",
    model: "deepseek-ai/DeepSeek-V4-Pro",
    kinds: { embed: {} },
    models: {
      "deepseek-ai/DeepSeek-V4-Pro": { contextWindow: 1049000, input: ["text"], tools: true, reasoning: true },
      "deepseek-ai/DeepSeek-V4-Flash": { contextWindow: 1049000, input: ["text"], tools: true, reasoning: true },
      "moonshotai/Kimi-K2.6": { contextWindow: 262000, input: ["text", "image"], tools: true },
      "Qwen/Qwen3.6-27B": { contextWindow: 262000, input: ["text", "image"], tools: true },
      "zai-org/GLM-5.1": { contextWindow: 205000, input: ["text"], tools: true },
    },
    quirks: { reasoningRequest: "enable_thinking", structuredOutput: "json-object" },
  },
  "siliconflow-cn": {
    id: "siliconflow-cn",
    label: "SiliconFlow (China)",
    dialect: "openai-chat",
    baseUrl: "https://api.siliconflow.cn/v1",
    keyUrl: "https://cloud.siliconflow.cn/account/ak",
    model: "deepseek-ai/DeepSeek-V4-Pro",
    kinds: { embed: {} },
    models: {
      "deepseek-ai/DeepSeek-V4-Pro": { contextWindow: 1049000, input: ["text"], tools: true, reasoning: true },
      "deepseek-ai/DeepSeek-V4-Flash": { contextWindow: 1049000, input: ["text"], tools: true, reasoning: true },
      "moonshotai/Kimi-K2.6": { contextWindow: 262000, input: ["text", "image"], tools: true },
      "Qwen/Qwen3.6-27B": { contextWindow: 262000, input: ["text", "image"], tools: true },
      "zai-org/GLM-5.1": { contextWindow: 205000, input: ["text"], tools: true },
    },
    quirks: { reasoningRequest: "enable_thinking", structuredOutput: "json-object" },
    keyEnv: ["SILICONFLOW_API_KEY"],
  },
  "snowflake": {
    id: "snowflake",
    label: "Snowflake Cortex",
    dialect: "openai-chat",
    baseUrl: "https://{accountIdentifier}.snowflakecomputing.com/api/v2/cortex/v1",
    keyEnv: ["SNOWFLAKE_CORTEX_PAT", "SNOWFLAKE_PAT", "SNOWFLAKE_TOKEN"],
    keyUrl: "https://docs.snowflake.com/en/user-guide/programmatic-access-tokens",
    model: "claude-sonnet-4-6",
    models: {
      "claude-sonnet-4-6": { tools: true },
      "claude-haiku-4-5": { tools: true },
      "claude-opus-5": { tools: true },
      "openai-gpt-5.6-sol": { tools: true },
      "openai-gpt-4.1": { tools: true },
      "snowflake-llama3.3-70b": { tools: true },
    },
    variables: { accountIdentifier: { env: ["SNOWFLAKE_ACCOUNT"], what: "the account identifier (organization-account)" } },
    modelsPath: null,
  },
  "stepfun": {
    id: "stepfun",
    label: "StepFun",
    dialect: "openai-chat",
    baseUrl: "https://api.stepfun.ai/v1",
    keyEnv: ["STEP_API_KEY"],
    keyUrl: "https://platform.stepfun.ai/interface-key",
    model: "step-5-preview",
    models: {
      "step-5-preview": { contextWindow: 1000000, maxOutputTokens: 64000, input: ["text", "image"], tools: true, reasoning: true },
      "step-3.7-flash": { contextWindow: 256000, input: ["text", "image"], tools: true, reasoning: true },
      "step-3.5-flash": { contextWindow: 256000, input: ["text"], tools: true, reasoning: true },
      "step-3.5-flash-2603": { contextWindow: 256000, input: ["text"], tools: true },
    },
  },
  "stepfun-cn": {
    id: "stepfun-cn",
    label: "StepFun (China)",
    dialect: "openai-chat",
    baseUrl: "https://api.stepfun.com/v1",
    keyEnv: ["STEPFUN_API_KEY", "STEP_API_KEY"],
    keyUrl: "https://platform.stepfun.com/interface-key",
    model: "step-5-preview",
    models: {
      "step-5-preview": { contextWindow: 1000000, maxOutputTokens: 64000, input: ["text", "image"], tools: true, reasoning: true },
      "step-3.7-flash": { contextWindow: 256000, input: ["text", "image"], tools: true, reasoning: true },
      "step-3.5-flash": { contextWindow: 256000, input: ["text"], tools: true, reasoning: true },
      "step-3.5-flash-2603": { contextWindow: 256000, input: ["text"], tools: true },
    },
  },
  "tencent-hunyuan": {
    id: "tencent-hunyuan",
    label: "Tencent TokenHub (Hunyuan)",
    dialect: "openai-chat",
    baseUrl: "https://tokenhub.tencentmaas.com/v1",
    keyEnv: ["TOKENHUB_API_KEY", "TENCENT_TOKENHUB_API_KEY", "HUNYUAN_API_KEY"],
    model: "hy3",
    models: {
      hy3: { tools: true },
      "hy3-preview": { contextWindow: 256000, tools: true, reasoning: true },
      "hy4-preview": { tools: true },
    },
  },
  "together": {
    id: "together",
    label: "Together AI",
    priceId: "together",
    dialect: "openai-chat",
    baseUrl: "https://api.together.ai/v1",
    keyEnv: ["TOGETHER_AI_API_KEY"],
    model: "deepseek-ai/DeepSeek-V4.1-Flash",
    kinds: { embed: {}, rerank: { api: "cohere-rerank" }, image: {} },
    models: {
      "deepseek-ai/DeepSeek-V4.1-Flash": { contextWindow: 1048576, maxOutputTokens: 384000, input: ["text", "image"], tools: true, reasoning: true },
      "openai/gpt-oss-120b": { contextWindow: 131072, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "openai/gpt-oss-20b": { tools: true },
      "moonshotai/Kimi-K3": { contextWindow: 1048576, maxOutputTokens: 131072, input: ["text", "image"], tools: true, reasoning: true },
      "zai-org/GLM-5.3": { contextWindow: 1048575, maxOutputTokens: 262144, input: ["text"], tools: true, reasoning: true },
      "Qwen/Qwen3.5-9B": { contextWindow: 262144, maxOutputTokens: 65536, input: ["text", "image"], tools: true, reasoning: true },
    },
    quirks: { topK: true, omit: ["parallelToolCalls", "user", "metadata", "serviceTier", "store", "prediction", "verbosity"], logprobsCount: true, bounds: { logprobs: 20 }, reasoningEfforts: ["low", "medium", "high"] },
    files: { path: "/files", api: "together", maxBytes: 104857600, purpose: null },
    batches: { api: "together-batches", kinds: ["chat"], rows: 50000, bytes: 100000000, windows: [24] },
  },
  "upstage": {
    id: "upstage",
    label: "Upstage",
    dialect: "openai-chat",
    baseUrl: "https://api.upstage.ai/v1",
    model: "solar-pro4",
    models: {
      "solar-pro4": { contextWindow: 524288, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "solar-pro3": { input: ["text"], tools: true },
      "solar-mini": { input: ["text"], tools: true },
    },
  },
  "venice": {
    id: "venice",
    label: "Venice AI",
    dialect: "openai-chat",
    baseUrl: "https://api.venice.ai/api/v1",
    keyEnv: ["VENICE_AI_API_KEY"],
    keyUrl: "https://venice.ai/settings/api",
    model: "zai-org-glm-5-2",
    kinds: { embed: {}, transcribe: {}, speak: {}, image: {} },
    models: {
      "zai-org-glm-5-2": { contextWindow: 1000000, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "deepseek-v4-pro-0813": { contextWindow: 1000000, input: ["text"], tools: true },
      "kimi-k3": { contextWindow: 1000000, tools: true, reasoning: true },
      "venice-uncensored-1-2": { contextWindow: 128000 },
      "grok-4-7": { contextWindow: 500000, tools: true, reasoning: true },
    },
  },
  "vercel-gateway": {
    id: "vercel-gateway",
    label: "Vercel AI Gateway",
    dialect: "openai-chat",
    baseUrl: "https://ai-gateway.vercel.sh/v1",
    keyEnv: ["AI_GATEWAY_API_KEY", "VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"],
    model: "openai/gpt-6.1-sol",
    models: {
      "openai/gpt-6.1-sol": { contextWindow: 1050000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "anthropic/claude-sonnet-5.5": { contextWindow: 1000000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "google/gemini-3.8-flash": { contextWindow: 1000000, maxOutputTokens: 65535, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "openai/gpt-6-luna": { contextWindow: 1050000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "alibaba/qwen3.8-flash": { contextWindow: 991000, maxOutputTokens: 128000, input: ["text", "image", "video"], tools: true, reasoning: true },
      "openai/gpt-6.2-sol": { contextWindow: 1050000, maxOutputTokens: 128000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    },
    quirks: { costInDollars: true, reasoningRequest: "reasoning", reasoningHistory: "reasoning_details", cacheControl: true },
  },
  "vertex": {
    id: "vertex",
    label: "Google Vertex AI",
    priceId: "google",
    telemetryName: "gcp.vertex_ai",
    dialect: "gemini",
    baseUrl: "https://{location}-aiplatform.googleapis.com/v1/projects/{project}/locations/{location}/publishers/google",
    keyEnv: ["GOOGLE_GENAI_ACCESS_TOKEN"],
    credentials: [{ prefixes: ["AIza", "AQ."], auth: { style: "header", header: "x-goog-api-key" }, baseUrl: "https://aiplatform.googleapis.com/v1/publishers/google" }],
    googleCredentialsEnv: ["GOOGLE_APPLICATION_CREDENTIALS"],
    baseUrlWhen: { location: { global: "https://aiplatform.googleapis.com/v1/projects/{project}/locations/global/publishers/google", eu: "https://aiplatform.eu.rep.googleapis.com/v1/projects/{project}/locations/eu/publishers/google", us: "https://aiplatform.us.rep.googleapis.com/v1/projects/{project}/locations/us/publishers/google" } },
    keyUrl: "https://console.cloud.google.com/vertex-ai",
    model: "gemini-3.8-flash",
    kinds: { embed: { api: "vertex-embeddings", model: "gemini-embedding-001" }, countTokens: {}, transcribe: { model: "gemini-3.8-flash" }, image: { model: "gemini-2.5-flash-image" } },
    models: {
      "gemini-3.8-flash": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "gemini-4-argon": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "gemini-3.6-flash": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "gemini-3.5-flash-lite": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "gemini-3.1-pro-preview": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
      "gemini-2.5-flash": { contextWindow: 1048576, maxOutputTokens: 65536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    },
    variables: { project: { env: ["GOOGLE_CLOUD_PROJECT", "GOOGLE_VERTEX_PROJECT", "GCLOUD_PROJECT"], what: "the Google Cloud project" }, location: { env: ["GOOGLE_CLOUD_LOCATION", "GOOGLE_VERTEX_LOCATION", "CLOUD_ML_REGION"], default: "global", what: "the location, such as global or europe-west1" } },
    modelsPath: null,
    quirks: { noServerSideToolInvocations: true, plainCounts: true, noServiceTier: true },
  },
  "vertex-anthropic": {
    id: "vertex-anthropic",
    label: "Google Vertex AI (Anthropic)",
    telemetryName: "gcp.vertex_ai",
    dialect: "anthropic-messages",
    baseUrl: "https://{location}-aiplatform.googleapis.com/v1/projects/{project}/locations/{location}",
    baseUrlWhen: { location: { global: "https://aiplatform.googleapis.com/v1/projects/{project}/locations/global", eu: "https://aiplatform.eu.rep.googleapis.com/v1/projects/{project}/locations/eu", us: "https://aiplatform.us.rep.googleapis.com/v1/projects/{project}/locations/us" } },
    keyEnv: ["VERTEX_API_KEY"],
    googleCredentialsEnv: ["GOOGLE_APPLICATION_CREDENTIALS"],
    keyUrl: "https://console.cloud.google.com/vertex-ai/model-garden",
    model: "claude-sonnet-5-5",
    models: {
      "claude-sonnet-5-5": { contextWindow: 1000000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "claude-opus-5-5": { contextWindow: 1000000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "claude-haiku-5-5": { contextWindow: 1000000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "claude-fable-5-1": { contextWindow: 1000000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "claude-sonnet-4-6": { contextWindow: 1000000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
      "claude-haiku-4-5@20251001": { contextWindow: 200000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    },
    prefill: ["*claude-haiku-4-5*", "*claude-sonnet-4-5*", "*claude-opus-4-5*", "*claude-opus-4-1*"],
    variables: { project: { env: ["GOOGLE_CLOUD_PROJECT", "GOOGLE_VERTEX_PROJECT", "GCLOUD_PROJECT", "ANTHROPIC_VERTEX_PROJECT_ID"], what: "the Google Cloud project" }, location: { env: ["GOOGLE_CLOUD_LOCATION", "GOOGLE_VERTEX_LOCATION", "CLOUD_ML_REGION"], default: "global", what: "the location, such as global or europe-west1" } },
    modelsPath: null,
    quirks: { vertex: true },
  },
  "vllm": {
    id: "vllm",
    label: "vLLM",
    dialect: "openai-chat",
    baseUrl: "http://localhost:8000/v1",
    kinds: { embed: {}, rerank: { api: "cohere-rerank" }, transcribe: {} },
    keyOptional: true,
    quirks: { topK: true, videoUrls: true, reasoningHistory: "reasoning" },
    local: true,
  },
  "volcengine": {
    id: "volcengine",
    label: "Volcengine Ark (Doubao)",
    dialect: "openai-chat",
    baseUrl: "https://ark.cn-beijing.volces.com/api/v3",
    keyEnv: ["ARK_API_KEY", "VOLCANO_ENGINE_API_KEY"],
    keyUrl: "https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey",
    model: "doubao-seed-2-1-pro-260628",
    models: {
      "doubao-seed-2-1-pro-260628": { tools: true },
      "doubao-seed-2-1-turbo-260628": { tools: true },
      "doubao-seed-2-0-pro-260215": { tools: true },
      "doubao-seed-2-0-mini-260428": { tools: true },
      "doubao-seed-1-8-251228": { contextWindow: 256000, input: ["text", "image"], tools: true },
    },
  },
  "voyage": {
    id: "voyage",
    label: "Voyage AI",
    dialect: "openai-chat",
    chat: false,
    baseUrl: "https://api.voyageai.com/v1",
    keyUrl: "https://dashboard.voyageai.com/",
    modelsPath: null,
    kinds: { embed: { api: "voyage-embeddings", model: "voyage-3.5" }, rerank: { api: "voyage-rerank", model: "rerank-2.5" } },
  },
  "watsonx": {
    id: "watsonx",
    label: "IBM watsonx.ai",
    telemetryName: "ibm.watsonx.ai",
    dialect: "openai-chat",
    baseUrl: "https://{region}.ml.cloud.ibm.com/ml/gateway/v1",
    keyEnv: ["WATSONX_AI_BEARER_TOKEN"],
    keyUrl: "https://cloud.ibm.com/iam/apikeys",
    variables: { region: { env: ["WATSONX_REGION"], default: "us-south", what: "the IBM Cloud region" } },
  },
  "writer": {
    id: "writer",
    label: "Writer",
    dialect: "openai-chat",
    baseUrl: "https://api.writer.com/v1",
    model: "palmyra-x5",
    models: {
      "palmyra-x5": { contextWindow: 1040000, maxOutputTokens: 8192, tools: true },
      "palmyra-x4": { contextWindow: 128000, tools: true },
    },
    path: "/chat",
  },
  "xai": {
    id: "xai",
    label: "xAI",
    priceId: "x-ai",
    telemetryName: "x_ai",
    dialect: "openai-chat",
    baseUrl: "https://api.x.ai/v1",
    keyUrl: "https://console.x.ai",
    model: "grok-4.7",
    kinds: { transcribe: { api: "xai-transcription", model: "grok-stt" }, speak: { api: "xai-speak", model: "grok-tts", voices: { names: ["eve", "ara", "rex", "sal", "leo"], more: true } }, image: { api: "xai-images", model: "grok-imagine-image" } },
    models: {
      "grok-4.7": { contextWindow: 500000, maxOutputTokens: 500000, input: ["text", "image"], tools: true, reasoning: true },
      "grok-4.6": { contextWindow: 500000, maxOutputTokens: 500000, input: ["text", "image"], tools: true, reasoning: true },
      "grok-4.5": { contextWindow: 500000, maxOutputTokens: 500000, input: ["text", "image"], tools: true, reasoning: true },
      "grok-4.3": { contextWindow: 1000000, maxOutputTokens: 30000, input: ["text", "image"], tools: true, reasoning: true },
      "grok-4.20-0309-non-reasoning": { tools: true },
    },
    quirks: { strictSchemas: "any", reasoningEfforts: ["low", "medium", "high", "xhigh"], cacheKeyHeader: "x-grok-conv-id", omit: ["presencePenalty", "frequencyPenalty", "stop"], byModel: [{ match: ["*non-reasoning*", "grok-2*", "grok-3", "grok-3-latest", "grok-3-fast*"], quirks: { reasoningRequest: "none", omit: [] } }, { match: ["grok-3-mini*"], quirks: { reasoningEfforts: ["low", "high"] } }, { match: ["grok-4", "grok-4-*", "grok-code-*"], quirks: { reasoningRequest: "none" } }] },
    files: { path: "/files", api: "openai", maxBytes: 52428800 },
    batches: { api: "xai-batches", kinds: ["chat"], rows: 50000, bytes: 250000000, windows: [24] },
  },
  "xai-responses": {
    id: "xai-responses",
    label: "xAI (Responses)",
    priceId: "x-ai",
    telemetryName: "x_ai",
    dialect: "openai-responses",
    baseUrl: "https://api.x.ai/v1",
    keyUrl: "https://console.x.ai",
    model: "grok-4.7",
    kinds: { transcribe: { api: "xai-transcription", model: "grok-stt" }, speak: { api: "xai-speak", model: "grok-tts", voices: { names: ["eve", "ara", "rex", "sal", "leo"], more: true } }, image: { api: "xai-images", model: "grok-imagine-image" } },
    models: {
      "grok-4.7": { contextWindow: 500000, maxOutputTokens: 500000, input: ["text", "image"], tools: true, reasoning: true },
      "grok-4.6": { contextWindow: 500000, maxOutputTokens: 500000, input: ["text", "image"], tools: true, reasoning: true },
      "grok-4.5": { contextWindow: 500000, maxOutputTokens: 500000, input: ["text", "image"], tools: true, reasoning: true },
      "grok-4.3": { contextWindow: 1000000, maxOutputTokens: 30000, input: ["text", "image"], tools: true, reasoning: true },
      "grok-4.20-0309-non-reasoning": { tools: true },
    },
    quirks: { strictSchemas: "any", stateFamily: "xai", reasoningEfforts: ["low", "medium", "high", "xhigh"], byModel: [{ match: ["*non-reasoning*"], quirks: { omit: ["reasoning"] } }], noInstructions: true, userField: "user" },
    files: { path: "/files", api: "openai", maxBytes: 52428800 },
    batches: null,
    keyEnv: ["XAI_API_KEY"],
    baseUrlEnv: ["XAI_BASE_URL"],
  },
  "zai": {
    id: "zai",
    label: "Z.AI (GLM)",
    priceId: "zai",
    dialect: "openai-chat",
    baseUrl: "https://api.z.ai/api/paas/v4",
    keyEnv: ["Z_AI_API_KEY", "ZHIPU_API_KEY"],
    keyUrl: "https://z.ai/manage-apikey/apikey-list",
    model: "glm-5.3",
    models: {
      "glm-5.3": { contextWindow: 1000000, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "glm-5.3-flash": { contextWindow: 1000000, maxOutputTokens: 131072, tools: true, reasoning: true },
      "glm-5.2": { contextWindow: 1000000, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "glm-4.7": { contextWindow: 204800, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "glm-5.3-flashx": { contextWindow: 1000000, tools: true },
      "glm-4.7-flash": { contextWindow: 200000, input: ["text"], tools: true },
    },
    quirks: { videoUrls: true, reasoningRequest: "thinking", reasoningHistory: "reasoning_content", structuredOutput: "json-object", toolChoices: ["auto"], userField: "user_id", bounds: { temperature: 1 }, omit: ["presencePenalty", "frequencyPenalty", "logprobs", "logitBias", "parallelToolCalls", "serviceTier", "metadata", "store", "prediction", "verbosity"], errorCodes: { AUTH_FAILED: [1000, 1001, 1002, 1003, 1004, 1111], PERMISSION_DENIED: [1110, 1112, 1120, 1121, 1220, 1311, 1313], QUOTA_EXHAUSTED: [1113, 1309], INVALID_REQUEST: [1210, 1213, 1214, 1215], MODEL_NOT_FOUND: [1211, 1221, 1222], UNSUPPORTED_FEATURE: [1212], PROVIDER_ERROR: [1200, 1230, 1231, 1234], CONTEXT_TOO_LONG: [1261], CONTENT_FILTERED: [1300, 1301], RATE_LIMIT: [1302, 1303, 1304, 1308, 1310], OVERLOADED: [1305, 1312] } },
  },
  "zai-coding": {
    id: "zai-coding",
    label: "Z.AI (GLM Coding Plan)",
    priceId: null,
    dialect: "openai-chat",
    baseUrl: "https://api.z.ai/api/coding/paas/v4",
    keyEnv: ["ZAI_API_KEY"],
    keyUrl: "https://z.ai/manage-apikey/apikey-list",
    model: "glm-5.3",
    models: {
      "glm-5.3": { contextWindow: 1000000, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "glm-5.3-flash": { contextWindow: 1000000, maxOutputTokens: 131072, tools: true, reasoning: true },
      "glm-5.2": { contextWindow: 1000000, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "glm-4.7": { contextWindow: 204800, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "glm-5.3-flashx": { contextWindow: 1000000, tools: true },
      "glm-4.7-flash": { contextWindow: 200000, input: ["text"], tools: true },
    },
    quirks: { videoUrls: true, reasoningRequest: "thinking", reasoningHistory: "reasoning_content", structuredOutput: "json-object", toolChoices: ["auto"], userField: "user_id", bounds: { temperature: 1 }, omit: ["presencePenalty", "frequencyPenalty", "logprobs", "logitBias", "parallelToolCalls", "serviceTier", "metadata", "store", "prediction", "verbosity"], errorCodes: { AUTH_FAILED: [1000, 1001, 1002, 1003, 1004, 1111], PERMISSION_DENIED: [1110, 1112, 1120, 1121, 1220, 1311, 1313], QUOTA_EXHAUSTED: [1113, 1309], INVALID_REQUEST: [1210, 1213, 1214, 1215], MODEL_NOT_FOUND: [1211, 1221, 1222], UNSUPPORTED_FEATURE: [1212], PROVIDER_ERROR: [1200, 1230, 1231, 1234], CONTEXT_TOO_LONG: [1261], CONTENT_FILTERED: [1300, 1301], RATE_LIMIT: [1302, 1303, 1304, 1308, 1310], OVERLOADED: [1305, 1312] } },
  },
  "zhipu": {
    id: "zhipu",
    label: "Zhipu AI BigModel (GLM)",
    priceId: "zhipuai",
    dialect: "openai-chat",
    baseUrl: "https://open.bigmodel.cn/api/paas/v4",
    keyEnv: ["ZHIPUAI_API_KEY", "BIGMODEL_API_KEY"],
    keyUrl: "https://bigmodel.cn/usercenter/proj-mgmt/apikeys",
    model: "glm-5.3",
    models: {
      "glm-5.3": { contextWindow: 1000000, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "glm-5.3-flash": { contextWindow: 1000000, maxOutputTokens: 131072, tools: true, reasoning: true },
      "glm-5.2": { contextWindow: 1000000, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "glm-4.7": { contextWindow: 204800, maxOutputTokens: 131072, input: ["text"], tools: true, reasoning: true },
      "glm-5.3-flashx": { contextWindow: 1000000, tools: true },
      "glm-4.7-flash": { contextWindow: 200000, input: ["text"], tools: true },
    },
    quirks: { videoUrls: true, reasoningRequest: "thinking", reasoningHistory: "reasoning_content", structuredOutput: "json-object", toolChoices: ["auto"], userField: "user_id", bounds: { temperature: 1 }, omit: ["presencePenalty", "frequencyPenalty", "logprobs", "logitBias", "parallelToolCalls", "serviceTier", "metadata", "store", "prediction", "verbosity"], errorCodes: { AUTH_FAILED: [1000, 1001, 1002, 1003, 1004, 1111], PERMISSION_DENIED: [1110, 1112, 1120, 1121, 1220, 1311, 1313], QUOTA_EXHAUSTED: [1113, 1309], INVALID_REQUEST: [1210, 1213, 1214, 1215], MODEL_NOT_FOUND: [1211, 1221, 1222], UNSUPPORTED_FEATURE: [1212], PROVIDER_ERROR: [1200, 1230, 1231, 1234], CONTEXT_TOO_LONG: [1261], CONTENT_FILTERED: [1300, 1301], RATE_LIMIT: [1302, 1303, 1304, 1308, 1310], OVERLOADED: [1305, 1312] } },
  },
};
