import type { ProviderData } from "../endpoint/data.js";
import { qwen } from "./qwen.js";

/** Alibaba Cloud Model Studio: `qwen` under the name of its company. */
export const alibaba = {
  ...qwen,
  id: "alibaba",
  label: "Alibaba Cloud Model Studio",
  keyEnv: ["DASHSCOPE_API_KEY", "MODELSTUDIO_API_KEY"],
} as const satisfies ProviderData;
