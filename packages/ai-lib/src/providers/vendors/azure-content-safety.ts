import type { ProviderData } from "../endpoint/data.js";

/** Azure AI Content Safety, which judges texts and pictures. */
export const azureContentSafety = {
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
  sites: ["microsoft.com"],
  docs: [
    // The base URL, the header of the key, CONTENT_SAFETY_KEY, CONTENT_SAFETY_ENDPOINT and the fields.
    "https://learn.microsoft.com/en-us/azure/ai-services/content-safety/quickstart-text",
    // Pictures.
    "https://learn.microsoft.com/en-us/azure/ai-services/content-safety/quickstart-image",
    // Third party, which cites the vendor's pages: the path and the version, read on 2026-11-28.
    "https://mcp.waymark.network/r/07cc1e34-6685-4129-9c4a-6faa67b8c727",
    // The version.
    "https://learn.microsoft.com/en-us/rest/api/contentsafety/text-operations/analyze-text",
  ],
} as const satisfies ProviderData;
