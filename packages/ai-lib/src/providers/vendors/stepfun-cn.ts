import type { ProviderData } from "../endpoint/data.js";
import { stepFun } from "./stepfun.js";

/** StepFun's own models, over its Chinese platform. */
export const stepFunCn = {
  ...stepFun,
  id: "stepfun-cn",
  label: "StepFun (China)",
  baseUrl: "https://api.stepfun.com/v1",
  keyEnv: ["STEPFUN_API_KEY"],
  keyUrl: "https://platform.stepfun.com/interface-key",
} as const satisfies ProviderData;
