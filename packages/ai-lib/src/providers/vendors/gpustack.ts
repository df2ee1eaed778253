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
  sites: ["gpustack.ai", "github.com/gpustack/"],
  docs: [
    // The path and GPUSTACK_API_KEY, read on 2026-11-28.
    "https://github.com/gpustack/gpustack/blob/main/docs/integrations/inference-apis.md",
    // The APIs.
    "https://docs.gpustack.ai/latest/user-guide/openai-compatible-apis/",
  ],
} as const satisfies ProviderData;
