import type { ProviderData } from "../endpoint/data.js";
import { stepFun } from "./stepfun.js";

/** StepFun's own models, over its Chinese platform. */
export const stepFunCn = {
  ...stepFun,
  id: "stepfun-cn",
  label: "StepFun (China)",
  baseUrl: "https://api.stepfun.com/v1",
  keyEnv: ["STEPFUN_API_KEY", "STEP_API_KEY"],
  keyUrl: "https://platform.stepfun.com/interface-key",
  docs: [
    // The host, the bearer key and STEP_API_KEY, read on 2026-11-28.
    "https://platform.stepfun.com/docs/zh/step-plan/integrations/reasoning-api",
    // Third party, which quotes the vendor's prices: the default model.
    "https://github.com/api-evangelist/stepfun/blob/main/plans/stepfun-plans-pricing.yml",
  ],
} as const satisfies ProviderData;
