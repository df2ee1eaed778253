import type { ProviderData } from "../endpoint/data.js";

/** Heroku's Managed Inference add-on, which sets INFERENCE_URL and INFERENCE_KEY. */
export const heroku = {
  id: "heroku",
  label: "Heroku Managed Inference",
  dialect: "openai-chat",
  baseUrl: "{host}/v1",
  keyEnv: ["INFERENCE_KEY"],
  keyUrl: "https://devcenter.heroku.com/categories/heroku-inference",
  model: "claude-4-5-sonnet",
  // biome-ignore format: a table, one model a line
  models: {
    "claude-4-5-sonnet": { tools: true },
    "claude-4-5-haiku": { tools: true },
    "gpt-oss-120b": { tools: true, reasoning: true },
  },
  variables: {
    host: {
      env: ["INFERENCE_URL"],
      default: "https://us.inference.heroku.com",
      what: "the add-on's address",
      address: { scheme: "https" },
    },
  },
  // The list of models (/available-models) answers in Heroku's own shape.
  modelsPath: null,
  docs: [
    // The add-on and its models.
    "https://devcenter.heroku.com/categories/heroku-inference",
    // Third party: INFERENCE_KEY and INFERENCE_URL, read on 2026-11-28.
    "https://www.npmjs.com/package/heroku-ai-provider",
    // Third party: the base URL.
    "https://developers.llamaindex.ai/python/framework-api-reference/llms/heroku",
  ],
} as const satisfies ProviderData;
