import type { ProviderData } from "../endpoint/data.js";
import { xai } from "./xai.js";

/** xAI's Grok models, over the Responses API: its web_search and x_search tools live here. */
export const xaiResponses = {
  ...xai,
  id: "xai-responses",
  label: "xAI (Responses)",
  dialect: "openai-responses",
  keyEnv: ["XAI_API_KEY"],
  baseUrlEnv: ["XAI_BASE_URL"],
  // xAI answers rows of this API with chat completions (recordings xai-batch.*).
  batches: null,
  quirks: {
    strictSchemas: "any",
    stateFamily: "xai",
    reasoningEfforts: ["low", "medium", "high", "xhigh"],
    // https://docs.x.ai/docs/guides/reasoning: models that do not reason refuse an effort.
    byModel: [{ match: ["*non-reasoning*"], quirks: { omit: ["reasoning"] } }],
    // https://docs.x.ai/docs/guides/responses-api
    noInstructions: true,
    // https://reference.langchain.com/javascript/langchain-xai/XAIResponsesCreateParams
    userField: "user",
  },
} as const satisfies ProviderData;
