// Written by `npm run generate` from the files in vendors/. Do not edit.
import { ProviderBuilder } from "./builder.js";
import { CATALOG } from "./catalog.generated.js";

/** AIHubMix's gateway to the models of most vendors. */
export class AiHubMixBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["aihubmix"]);
  }
}

/** Alibaba Cloud Model Studio: `qwen` under the name of its company. */
export class AlibabaBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["alibaba"]);
  }
}

/** Anthropic's Claude models. */
export class AnthropicBuilder extends ProviderBuilder<"anthropic-messages"> {
  constructor() {
    super(CATALOG["anthropic"]);
  }

  /** The version of the API. Default: "2023-06-01". */
  withVersion(version: string): this {
    return this.withVariable("version", version);
  }
}

/** AssemblyAI's transcripts, by jobs. */
export class AssemblyaiBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["assemblyai"]);
  }
}

/** Avian's inference of open models. */
export class AvianBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["avian"]);
  }
}

/** Azure AI Content Safety, which judges texts and pictures. */
export class AzureContentSafetyBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["azure-content-safety"]);
  }

  /** The name of the Azure resource. Default: AZURE_CONTENT_SAFETY_RESOURCE. */
  withResource(resource: string): this {
    return this.withVariable("resource", resource);
  }
}

/** OpenAI's and other models in your Azure (Microsoft Foundry) resource, over Chat Completions. The model is the name of a deployment of yours, so there is no default. */
export class AzureOpenAiBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["azure-openai"]);
  }

  /** The name of the Azure resource. Default: AZURE_RESOURCE_NAME, else AZURE_OPENAI_RESOURCE. */
  withResource(resource: string): this {
    return this.withVariable("resource", resource);
  }

  /** The version of the API, which /openai/v1 does not need. */
  withApiVersion(apiVersion: string): this {
    return this.withVariable("apiVersion", apiVersion);
  }
}

/** OpenAI's models in your Azure (Microsoft Foundry) resource, over the Responses API. The model is the name of a deployment of yours, so there is no default. */
export class AzureOpenAiResponsesBuilder extends ProviderBuilder<"openai-responses"> {
  constructor() {
    super(CATALOG["azure-openai-responses"]);
  }

  /** The name of the Azure resource. Default: AZURE_RESOURCE_NAME, else AZURE_OPENAI_RESOURCE. */
  withResource(resource: string): this {
    return this.withVariable("resource", resource);
  }

  /** The version of the API, which /openai/v1 does not need. */
  withApiVersion(apiVersion: string): this {
    return this.withVariable("apiVersion", apiVersion);
  }
}

/** Baidu's ERNIE models, over Qianfan v2. */
export class BaiduBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["baidu"]);
  }
}

/** Baseten's Model APIs: inference of open models. */
export class BasetenBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["baseten"]);
  }
}

/** Amazon Bedrock, over the Converse API, with a Bedrock API key or AWS credentials. Most models are called through an inference profile, whose prefix (us., eu., global. ...) must fit the region. */
export class BedrockBuilder extends ProviderBuilder<"bedrock-converse"> {
  constructor() {
    super(CATALOG["bedrock"]);
  }

  /** The AWS region. Default: AWS_REGION, else AWS_DEFAULT_REGION, else "us-east-1". */
  withRegion(region: string): this {
    return this.withVariable("region", region);
  }

  /** The ARN of the role that reads and writes the files of batches. Default: AWS_BEDROCK_BATCH_ROLE_ARN. */
  withBatchRole(batchRole: string): this {
    return this.withVariable("batchRole", batchRole);
  }

  /** Where the files of batches are, such as s3://bucket/prefix. Default: AWS_BEDROCK_BATCH_S3_URI. */
  withBatchFiles(batchFiles: string): this {
    return this.withVariable("batchFiles", batchFiles);
  }

  /** The address of S3, where it is not that of the region. Default: AWS_ENDPOINT_URL_S3. */
  withS3Url(s3Url: string): this {
    return this.withVariable("s3Url", s3Url);
  }

  /** The address of Bedrock's jobs, where it is not that of the region. Default: AWS_ENDPOINT_URL_BEDROCK. */
  withControlUrl(controlUrl: string): this {
    return this.withVariable("controlUrl", controlUrl);
  }
}

/** Amazon Bedrock's OpenAI-compatible endpoint, over the Responses API, with a Bedrock API key. */
export class BedrockMantleBuilder extends ProviderBuilder<"openai-responses"> {
  constructor() {
    super(CATALOG["bedrock-mantle"]);
  }

  /** The AWS region. Default: AWS_REGION, else AWS_DEFAULT_REGION, else "us-east-1". */
  withRegion(region: string): this {
    return this.withVariable("region", region);
  }
}

/** Black Forest Labs' pictures, by jobs. */
export class BflBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["bfl"]);
  }
}

/** Cartesia's transcripts and speech. */
export class CartesiaBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["cartesia"]);
  }
}

/** Cerebras' inference of open models. */
export class CerebrasBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["cerebras"]);
  }
}

/** Chutes' inference of open models. */
export class ChutesBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["chutes"]);
  }
}

/** Cloudflare's Workers AI. */
export class CloudflareBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["cloudflare"]);
  }

  /** The account id. Default: CLOUDFLARE_ACCOUNT_ID. */
  withAccountId(accountId: string): this {
    return this.withVariable("accountId", accountId);
  }
}

/** Cohere's own models, over its v2 API. */
export class CohereBuilder extends ProviderBuilder<"cohere-chat"> {
  constructor() {
    super(CATALOG["cohere"]);
  }
}

/** Crusoe's inference of open models. */
export class CrusoeBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["crusoe"]);
  }
}

/** The serving endpoints of your Databricks workspace. */
export class DatabricksBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["databricks"]);
  }

  /** The workspace's address, such as dbc-1234.cloud.databricks.com. Default: DATABRICKS_HOST. */
  withHost(host: string): this {
    return this.withVariable("host", host);
  }
}

/** Deepgram's transcripts and speech. */
export class DeepgramBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["deepgram"]);
  }
}

/** DeepInfra's inference of open models. */
export class DeepInfraBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["deepinfra"]);
  }
}

/** DeepSeek's own models. */
export class DeepSeekBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["deepseek"]);
  }
}

/** ElevenLabs' transcripts and speech. */
export class ElevenLabsBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["elevenlabs"]);
  }
}

/** fal's pictures and transcripts, by its queue. A base URL of `https://fal.run` answers right away. */
export class FalBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["fal"]);
  }
}

/** Featherless AI's inference of open models. */
export class FeatherlessBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["featherless"]);
  }
}

/** Fireworks' inference of open models. */
export class FireworksBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["fireworks"]);
  }
}

/** FriendliAI's serverless inference of open models. */
export class FriendliBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["friendli"]);
  }

  /** The team that pays. */
  withTeam(team: string): this {
    return this.withVariable("team", team);
  }
}

/** Gladia's transcripts, by jobs. */
export class GladiaBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["gladia"]);
  }
}

/** Google's Gemini models, over the Gemini API. */
export class GoogleBuilder extends ProviderBuilder<"gemini"> {
  constructor() {
    super(CATALOG["google"]);
  }
}

/** Models on your own servers, served by GPUStack. Its models are those you deployed, so there is no default. */
export class GpuStackBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["gpustack"]);
  }
}

/** Groq's inference of open models. */
export class GroqBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["groq"]);
  }
}

/** Heroku's Managed Inference add-on, which sets INFERENCE_URL and INFERENCE_KEY. */
export class HerokuBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["heroku"]);
  }

  /** The add-on's address. Default: INFERENCE_URL, else "https://us.inference.heroku.com". */
  withHost(host: string): this {
    return this.withVariable("host", host);
  }
}

/** Hugging Face's router to inference providers. `model:provider` chooses one of them. */
export class HuggingFaceBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["huggingface"]);
  }
}

/** Hyperbolic's inference of open models. Hugging Face's router dropped it in June 2026; its own API was still listed in October. */
export class HyperbolicBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["hyperbolic"]);
  }
}

/** iFlytek's Spark models. The key is the APIPassword on the console's page of HTTP services: each version of the model has its own. */
export class IflytekSparkBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["iflytek-spark"]);
  }
}

/** Inception's Mercury models, which write by diffusion: a small `maxTokens` can go to reasoning whole. */
export class InceptionBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["inception"]);
  }
}

/** Inference.net's inference of open models. */
export class InferenceNetBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["inference-net"]);
  }
}

/** Jina AI's embeddings and rankings. Its chat is not served here. */
export class JinaBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["jina"]);
  }
}

/** A model on your own machine, served by llama.cpp's `llama-server`. Outside its router mode it serves one model and ignores the name. */
export class LlamaCppBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["llamacpp"]);
  }
}

/** Models on your own machine, served by LM Studio. A model that is not loaded is loaded by the first call, which is then slow. */
export class LmStudioBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["lmstudio"]);
  }
}

/** MiniMax's own models; `minimax-cn` is the Chinese platform. */
export class MiniMaxBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["minimax"]);
  }
}

/** MiniMax's own models, over its Chinese platform. */
export class MiniMaxCnBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["minimax-cn"]);
  }
}

/** Mistral's own models. */
export class MistralBuilder extends ProviderBuilder<"mistral-chat"> {
  constructor() {
    super(CATALOG["mistral"]);
  }
}

/** A model on your own machine, served by mistral.rs. It serves one model and ignores the name. */
export class MistralRsBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["mistralrs"]);
  }
}

/** Moonshot's Kimi models; `moonshot-cn` is the Chinese platform. A key is good on its own platform alone. */
export class MoonshotBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["moonshot"]);
  }
}

/** Moonshot's Kimi models, over its Chinese platform. */
export class MoonshotCnBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["moonshot-cn"]);
  }
}

/** Morph's models, which apply edits to code rather than chat. */
export class MorphBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["morph"]);
  }
}

/** Nebius Token Factory's inference of open models. */
export class NebiusBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["nebius"]);
  }
}

/** Novita's inference of open models. */
export class NovitaBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["novita"]);
  }
}

/** NVIDIA's hosted NIM endpoints. */
export class NvidiaBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["nvidia"]);
  }
}

/** Models on your own machine, over Ollama's native API; `ollama-openai` is the same server in OpenAI's dialect. */
export class OllamaBuilder extends ProviderBuilder<"ollama-chat"> {
  constructor() {
    super(CATALOG["ollama"]);
  }

  /** The server's address. Default: OLLAMA_HOST, else "http://localhost:11434". */
  withHost(host: string): this {
    return this.withVariable("host", host);
  }
}

/** Ollama's hosted models. */
export class OllamaCloudBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["ollama-cloud"]);
  }
}

/** Models on your own machine, over Ollama's OpenAI-compatible API. */
export class OllamaOpenAiBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["ollama-openai"]);
  }

  /** The server's address. Default: OLLAMA_HOST, else "http://localhost:11434". */
  withHost(host: string): this {
    return this.withVariable("host", host);
  }
}

/** OpenAI, over Chat Completions; `openai-responses` is the same account over the Responses API. */
export class OpenAiBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["openai"]);
  }

  /** The organization that pays. Default: OPENAI_ORG_ID. */
  withOrganization(organization: string): this {
    return this.withVariable("organization", organization);
  }

  /** The project that pays. Default: OPENAI_PROJECT_ID. */
  withProject(project: string): this {
    return this.withVariable("project", project);
  }
}

/** OpenAI, over the Responses API: its own tools (web search, code interpreter, computer use) live here. */
export class OpenAiResponsesBuilder extends ProviderBuilder<"openai-responses"> {
  constructor() {
    super(CATALOG["openai-responses"]);
  }

  /** The organization that pays. Default: OPENAI_ORG_ID. */
  withOrganization(organization: string): this {
    return this.withVariable("organization", organization);
  }

  /** The project that pays. Default: OPENAI_PROJECT_ID. */
  withProject(project: string): this {
    return this.withVariable("project", project);
  }
}

/** OpenCode Zen's gateway. This is its Chat Completions endpoint, which serves neither Claude nor GPT models. */
export class OpenCodeZenBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["opencode-zen"]);
  }
}

/** OpenRouter's gateway to the models of most vendors. */
export class OpenRouterBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["openrouter"]);
  }

  /** The address of your application, for its rankings. */
  withReferer(referer: string): this {
    return this.withVariable("referer", referer);
  }

  /** The name of your application, for its rankings. */
  withTitle(title: string): this {
    return this.withVariable("title", title);
  }
}

/** OVHcloud's AI Endpoints. */
export class OvhCloudBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["ovhcloud"]);
  }
}

/** Parasail's inference of open models. */
export class ParasailBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["parasail"]);
  }
}

/** Perplexity's Agent API. Its Sonar chat completions ended on 2026-09-27. */
export class PerplexityBuilder extends ProviderBuilder<"openai-responses"> {
  constructor() {
    super(CATALOG["perplexity"]);
  }
}

/** Portkey's gateway to the providers in your account. A model is `@provider/model` of your own catalogue, so there is no default. */
export class PortkeyBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["portkey"]);
  }

  /** The provider that answers, where the model does not name it. */
  withProvider(provider: string): this {
    return this.withVariable("provider", provider);
  }

  /** The id of a routing config. */
  withConfig(config: string): this {
    return this.withVariable("config", config);
  }
}

/** Alibaba's Qwen models, over Model Studio (DashScope) in Singapore; `qwen-cn` is Beijing's. A key is good in its own region alone. */
export class QwenBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["qwen"]);
  }
}

/** Alibaba's Qwen models, over Bailian (DashScope) in Beijing. */
export class QwenCnBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["qwen-cn"]);
  }
}

/** Reka's own models. */
export class RekaBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["reka"]);
  }
}

/** Replicate's pictures and speech, by predictions. */
export class ReplicateBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["replicate"]);
  }
}

/** Rev AI's transcripts, by jobs. */
export class RevaiBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["revai"]);
  }
}

/** SambaNova Cloud's inference of open models. */
export class SambaNovaBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["sambanova"]);
  }
}

/** Scaleway's Generative APIs. */
export class ScalewayBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["scaleway"]);
  }
}

/** SiliconFlow's inference of open models; `siliconflow-cn` is the Chinese platform. */
export class SiliconFlowBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["siliconflow"]);
  }
}

/** SiliconFlow's inference of open models, over its Chinese platform. */
export class SiliconFlowCnBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["siliconflow-cn"]);
  }
}

/** Snowflake Cortex. The key is a programmatic access token. */
export class SnowflakeBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["snowflake"]);
  }

  /** The account identifier (organization-account). Default: SNOWFLAKE_ACCOUNT. */
  withAccountIdentifier(accountIdentifier: string): this {
    return this.withVariable("accountIdentifier", accountIdentifier);
  }
}

/** StepFun's own models; `stepfun-cn` is the Chinese platform. */
export class StepFunBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["stepfun"]);
  }
}

/** StepFun's own models, over its Chinese platform. */
export class StepFunCnBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["stepfun-cn"]);
  }
}

/** Tencent's Hunyuan models, over TokenHub. */
export class TencentHunyuanBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["tencent-hunyuan"]);
  }
}

/** Together's inference of open models. */
export class TogetherBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["together"]);
  }
}

/** Upstage's Solar models. */
export class UpstageBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["upstage"]);
  }
}

/** Venice's inference of open and other models. */
export class VeniceBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["venice"]);
  }
}

/** Vercel's AI Gateway to the models of most vendors. */
export class VercelGatewayBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["vercel-gateway"]);
  }
}

/** Google's Gemini models, over Vertex AI. The credential is an API key, a credentials file of Google Cloud, an OAuth access token, which lasts an hour, or a function that gets one. */
export class VertexBuilder extends ProviderBuilder<"gemini"> {
  constructor() {
    super(CATALOG["vertex"]);
  }

  /** The Google Cloud project. Default: GOOGLE_CLOUD_PROJECT, else GOOGLE_VERTEX_PROJECT, else GCLOUD_PROJECT. */
  withProject(project: string): this {
    return this.withVariable("project", project);
  }

  /** The location, such as global or europe-west1. Default: GOOGLE_CLOUD_LOCATION, else GOOGLE_VERTEX_LOCATION, else CLOUD_ML_REGION, else "global". */
  withLocation(location: string): this {
    return this.withVariable("location", location);
  }
}

/** Anthropic's Claude models, over Vertex AI. The credential is a credentials file of Google Cloud, an OAuth access token, which lasts an hour, or a function that gets one. */
export class VertexAnthropicBuilder extends ProviderBuilder<"anthropic-messages"> {
  constructor() {
    super(CATALOG["vertex-anthropic"]);
  }

  /** The Google Cloud project. Default: GOOGLE_CLOUD_PROJECT, else GOOGLE_VERTEX_PROJECT, else GCLOUD_PROJECT, else ANTHROPIC_VERTEX_PROJECT_ID. */
  withProject(project: string): this {
    return this.withVariable("project", project);
  }

  /** The location, such as global or europe-west1. Default: GOOGLE_CLOUD_LOCATION, else GOOGLE_VERTEX_LOCATION, else CLOUD_ML_REGION, else "global". */
  withLocation(location: string): this {
    return this.withVariable("location", location);
  }
}

/** Models on your own servers, served by vLLM. It has no default model: ask `listModels()` what it serves. */
export class VllmBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["vllm"]);
  }
}

/** ByteDance's Doubao models, over Volcengine Ark. A model is a dated id or an inference endpoint of yours (ep-...). */
export class VolcengineBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["volcengine"]);
  }
}

/** Voyage AI's embeddings and rankings. It has no chat. */
export class VoyageBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["voyage"]);
  }
}

/** IBM watsonx.ai's model gateway, which serves what an administrator configured, so there is no default. The key is an IAM token, which lasts an hour: pass a function that gets one. */
export class WatsonxBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["watsonx"]);
  }

  /** The IBM Cloud region. Default: WATSONX_REGION, else "us-south". */
  withRegion(region: string): this {
    return this.withVariable("region", region);
  }
}

/** Writer's Palmyra models. Its chat endpoint is OpenAI's under another path. */
export class WriterBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["writer"]);
  }
}

/** xAI's Grok models, over Chat Completions. */
export class XaiBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["xai"]);
  }
}

/** xAI's Grok models, over the Responses API: its web_search and x_search tools live here. */
export class XaiResponsesBuilder extends ProviderBuilder<"openai-responses"> {
  constructor() {
    super(CATALOG["xai-responses"]);
  }
}

/** Zhipu's GLM models, over Z.AI, its international platform; `zhipu` is the Chinese one. */
export class ZaiBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["zai"]);
  }
}

/** Zhipu's GLM models, over Z.AI's Coding Plan, which has an endpoint of its own. */
export class ZaiCodingBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["zai-coding"]);
  }
}

/** Zhipu's GLM models, over BigModel, its Chinese platform. */
export class ZhipuBuilder extends ProviderBuilder<"openai-chat"> {
  constructor() {
    super(CATALOG["zhipu"]);
  }
}
