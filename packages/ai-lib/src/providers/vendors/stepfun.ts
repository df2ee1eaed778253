import type { ProviderData } from "../endpoint/data.js";

/** StepFun's own models; `stepfun-cn` is the Chinese platform. */
export const stepFun = {
  id: "stepfun",
  label: "StepFun",
  dialect: "openai-chat",
  baseUrl: "https://api.stepfun.ai/v1",
  keyEnv: ["STEP_API_KEY"],
  keyUrl: "https://platform.stepfun.ai/interface-key",
  model: "step-5-preview",
  // biome-ignore format: a table, one model a line
  models: {
    "step-5-preview": { contextWindow: 1_000_000, maxOutputTokens: 64_000, input: ["text", "image"], tools: true, reasoning: true },
    "step-3.7-flash": { contextWindow: 256_000, input: ["text", "image"], tools: true, reasoning: true },
    "step-3.5-flash": { contextWindow: 256_000, input: ["text"], tools: true, reasoning: true },
    "step-3.5-flash-2603": { contextWindow: 256_000, input: ["text"], tools: true },
  },
  sites: ["stepfun.com", "huggingface.co/stepfun-ai/"],
  docs: [
    // The bearer key and STEP_API_KEY, read on 2026-11-28.
    "https://platform.stepfun.com/docs/zh/step-plan/integrations/reasoning-api",
    // The base URL.
    "https://huggingface.co/stepfun-ai/Step-3.5-Flash-Int4",
    // Third party: the models and their limits.
    "https://github.com/juspay/neurolink/blob/HEAD/docs/getting-started/providers/stepfun.md",
  ],
} as const satisfies ProviderData;
