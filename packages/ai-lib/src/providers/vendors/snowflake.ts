import type { ProviderData } from "../endpoint/data.js";

/** Snowflake Cortex. The key is a programmatic access token. */
export const snowflake = {
  id: "snowflake",
  label: "Snowflake Cortex",
  dialect: "openai-chat",
  baseUrl: "https://{accountIdentifier}.snowflakecomputing.com/api/v2/cortex/v1",
  keyEnv: ["SNOWFLAKE_CORTEX_PAT", "SNOWFLAKE_PAT", "SNOWFLAKE_TOKEN"],
  keyUrl: "https://docs.snowflake.com/en/user-guide/programmatic-access-tokens",
  model: "claude-sonnet-4-6",
  // biome-ignore format: a table, one model a line
  models: {
    "claude-sonnet-4-6": { tools: true },
    "claude-haiku-4-5": { tools: true },
    "claude-opus-5": { tools: true },
    "openai-gpt-5.6-sol": { tools: true },
    "openai-gpt-4.1": { tools: true },
    "snowflake-llama3.3-70b": { tools: true },
  },
  variables: {
    accountIdentifier: { env: ["SNOWFLAKE_ACCOUNT"], what: "the account identifier (organization-account)" },
  },
  modelsPath: null,
  docs: [
    // The base URL, the path and the token, read on 2026-11-28.
    "https://docs.snowflake.com/user-guide/snowflake-cortex/cortex-rest-api",
    // The models and their fields.
    "https://docs.snowflake.com/user-guide/snowflake-cortex/open_ai_sdk",
    // Third party: SNOWFLAKE_CORTEX_PAT and SNOWFLAKE_ACCOUNT.
    "https://github.com/anomalyco/models.dev/tree/dev/providers/snowflake-cortex",
  ],
} as const satisfies ProviderData;
