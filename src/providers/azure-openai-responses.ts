import { azureOpenAi } from "./azure-openai.js";
import type { ProviderData } from "./data.js";

/** OpenAI's models in your Azure (Microsoft Foundry) resource, over the Responses API. */
export const azureOpenAiResponses = {
  ...azureOpenAi,
  id: "azure-openai-responses",
  label: "Azure OpenAI (Responses)",
  dialect: "openai-responses",
  keyEnv: ["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"],
  quirks: {},
} as const satisfies ProviderData;
