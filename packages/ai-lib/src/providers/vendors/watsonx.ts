import type { ProviderData } from "../endpoint/data.js";

/**
 * IBM watsonx.ai's model gateway, which serves what an administrator configured, so there is no default. The
 * key is an IAM token, which lasts an hour: pass a function that gets one.
 */
export const watsonx = {
  id: "watsonx",
  label: "IBM watsonx.ai",
  telemetryName: "ibm.watsonx.ai",
  dialect: "openai-chat",
  baseUrl: "https://{region}.ml.cloud.ibm.com/ml/gateway/v1",
  keyEnv: ["WATSONX_AI_BEARER_TOKEN"],
  keyUrl: "https://cloud.ibm.com/iam/apikeys",
  variables: { region: { env: ["WATSONX_REGION"], default: "us-south", what: "the IBM Cloud region" } },
  sites: ["ibm.github.io", "www.npmjs.com/package/@ibm-cloud/"],
  docs: [
    // The paths.
    "https://www.ibm.com/docs/en/watsonx/saas?topic=generation-inferencing-gateway-models",
    // The base URL.
    "https://ibm.github.io/watsonx-ai-java-sdk/services/model-gateway/",
    // WATSONX_AI_BEARER_TOKEN, read on 2026-11-28.
    "https://www.npmjs.com/package/@ibm-cloud/watsonx-ai",
  ],
} as const satisfies ProviderData;
