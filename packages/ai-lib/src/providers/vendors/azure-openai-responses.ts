import type { ProviderData } from "../endpoint/data.js";
import { azureOpenAi } from "./azure-openai.js";

/**
 * OpenAI's models in your Azure (Microsoft Foundry) resource, over the Responses API. The model is the name of a
 * deployment of yours, so there is no default.
 */
export const azureOpenAiResponses = {
  ...azureOpenAi,
  id: "azure-openai-responses",
  label: "Azure OpenAI (Responses)",
  dialect: "openai-responses",
  keyEnv: ["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"],
  // https://learn.microsoft.com/en-us/azure/foundry/openai/how-to/responses: background tasks.
  quirks: { stateFamily: "azure-openai", background: true },
} as const satisfies ProviderData;
