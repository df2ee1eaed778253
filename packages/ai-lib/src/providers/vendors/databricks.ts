import type { ProviderData } from "../endpoint/data.js";

/** The serving endpoints of your Databricks workspace. */
export const databricks = {
  id: "databricks",
  label: "Databricks",
  dialect: "openai-chat",
  baseUrl: "{host}/serving-endpoints",
  keyEnv: ["DATABRICKS_TOKEN"],
  keyUrl: "https://docs.databricks.com/aws/en/dev-tools/auth/pat",
  model: "databricks-claude-sonnet-4-6",
  // biome-ignore format: a table, one model a line
  models: {
    "databricks-claude-sonnet-4-6": { tools: true },
    "databricks-gpt-5-6-sol": { tools: true },
    "databricks-gpt-5-mini": { tools: true },
    "databricks-gemini-3-flash": { tools: true },
    "databricks-gpt-oss-120b": { tools: true },
    "databricks-gpt-oss-20b": { tools: true },
  },
  variables: {
    host: {
      env: ["DATABRICKS_HOST"],
      what: "the workspace's address, such as dbc-1234.cloud.databricks.com",
      address: { scheme: "https" },
    },
  },
  // The list of endpoints answers in Databricks' own shape.
  modelsPath: null,
  sites: ["www.npmjs.com/package/@databricks/"],
  docs: [
    // The base URL, read on 2026-11-28.
    "https://www.npmjs.com/package/@databricks/ai-sdk-provider",
    // The models.
    "https://databricks.com/devhub/templates/foundation-models-api",
    // Third party: the host and the token.
    "https://portkey.ai/docs/aigw/integrations/llms/databricks",
  ],
} as const satisfies ProviderData;
