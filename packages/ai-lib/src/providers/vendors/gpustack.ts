import type { ProviderData } from "../endpoint/data.js";

/**
 * Models on your own servers, served by GPUStack. Its models are those you deployed, so there is no default.
 */
export const gpuStack = {
  id: "gpustack",
  label: "GPUStack",
  dialect: "openai-chat",
  baseUrl: "http://localhost/v1",
  keyOptional: true,
  local: true,
  docs: ["https://docs.gpustack.ai/latest/user-guide/openai-compatible-apis/"],
} as const satisfies ProviderData;
