import type { ProviderData } from "../endpoint/data.js";

/**
 * Portkey's gateway to the providers in your account. A model is `@provider/model` of your own catalogue, so
 * there is no default.
 */
export const portkey = {
  id: "portkey",
  label: "Portkey",
  dialect: "openai-chat",
  baseUrl: "https://api.portkey.ai/v1",
  auth: { style: "header", header: "x-portkey-api-key" },
  variables: {
    provider: { env: [], what: "the provider that answers, where the model does not name it" },
    config: { env: [], what: "the id of a routing config" },
  },
  headers: { "x-portkey-provider": "{provider}", "x-portkey-config": "{config}" },
  sites: ["www.npmjs.com/package/portkey-ai"],
  docs: [
    // The base URL and the names of models.
    "https://portkey.ai/docs/product/ai-gateway/universal-api?ref=portkey.ai",
    // PORTKEY_API_KEY, read on 2026-11-28.
    "https://www.npmjs.com/package/portkey-ai",
    // Third party: the headers.
    "https://www.mintlify.com/portkey-AI/gateway/api/authentication",
  ],
} as const satisfies ProviderData;
