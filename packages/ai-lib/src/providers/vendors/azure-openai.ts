import type { ProviderData } from "../endpoint/data.js";

/**
 * OpenAI's and other models in your Azure (Microsoft Foundry) resource, over Chat Completions. The model is
 * the name of a deployment of yours, so there is no default.
 */
export const azureOpenAi = {
  id: "azure-openai",
  label: "Azure OpenAI",
  priceId: "azure",
  telemetryName: "azure.ai.openai",
  dialect: "openai-chat",
  baseUrl: "https://{resource}.openai.azure.com/openai/v1",
  kinds: { embed: {} },
  auth: { style: "header", header: "api-key" },
  keyEnv: ["AZURE_API_KEY"],
  // Tokens of Microsoft Entra ID.
  credentials: [
    { tokens: true, prefixes: ["eyJ"], env: ["AZURE_OPENAI_AD_TOKEN"], auth: { style: "bearer" } },
  ],
  addressEnv: ["AZURE_OPENAI_ENDPOINT"],
  keyUrl: "https://portal.azure.com",
  variables: {
    resource: {
      env: ["AZURE_RESOURCE_NAME", "AZURE_OPENAI_RESOURCE"],
      what: "the name of the Azure resource",
    },
    apiVersion: { env: [], what: "the version of the API, which /openai/v1 does not need" },
  },
  query: { "api-version": "{apiVersion}" },
  quirks: {
    // As api.openai.com.
    maxTokensField: "max_completion_tokens",
    maxToolCallId: 40,
    needsJsonWord: true,
    // https://platform.openai.com/docs/api-reference/chat/create
    // and https://platform.openai.com/docs/guides/pdf-files#file-size-limitations
    bounds: { temperature: 2, logprobs: 20, stops: 4, fileBytes: 52_428_800 },
    maxTools: 128,
    // https://platform.openai.com/docs/guides/images-vision
    imageTypes: ["image/png", "image/jpeg", "image/webp", "image/gif"],
    metadataNeedsStore: true,
  },
  // https://learn.microsoft.com/en-us/azure/foundry/reference/rest/uploads-create-upload
  files: { path: "/files", api: "openai-uploads", maxBytes: 536_870_912, purpose: "assistants" },
  // https://learn.microsoft.com/en-us/azure/ai-foundry/openai/how-to/batch; deployments of the batch type alone.
  batches: {
    api: "openai-batches",
    kinds: ["chat", "embed"],
    rows: 100_000,
    bytes: 200_000_000,
    price: 0.5,
    windows: [24],
  },
  sites: ["microsoft.com"],
  docs: [
    // The base URL and the version.
    "https://learn.microsoft.com/de-de/azure/foundry/openai/api-version-lifecycle",
    // Tokens of Microsoft Entra ID as bearer, AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_AD_TOKEN.
    "https://learn.microsoft.com/azure/ai-foundry/openai/how-to/switching-endpoints",
    // Third party, OpenAI's own client: AZURE_OPENAI_API_KEY and the header of the key, read on 2026-11-28.
    "https://www.npmjs.com/package/openai",
    // Third party: AZURE_API_KEY and AZURE_RESOURCE_NAME.
    "https://www.npmjs.com/package/@ai-sdk/azure",
    // Embeddings.
    "https://learn.microsoft.com/en-us/azure/ai-foundry/openai/how-to/embeddings",
  ],
} as const satisfies ProviderData;
