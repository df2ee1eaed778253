import type { ProviderData } from "../endpoint/data.js";

/** Amazon Bedrock's OpenAI-compatible endpoint, over the Responses API, with a Bedrock API key. */
export const bedrockMantle = {
  id: "bedrock-mantle",
  label: "Amazon Bedrock (mantle)",
  priceId: "aws",
  telemetryName: "aws.bedrock",
  dialect: "openai-responses",
  baseUrl: "https://bedrock-mantle.{region}.api.aws/v1",
  keyEnv: ["BEDROCK_API_KEY", "AWS_BEARER_TOKEN_BEDROCK"],
  keyUrl: "https://console.aws.amazon.com/bedrock/home#/api-keys",
  model: "openai.gpt-5.6-luna",
  // biome-ignore format: a table, one model a line
  models: {
    "openai.gpt-5.6-luna": { tools: true, reasoning: true },
    "openai.gpt-5.5": { tools: true, reasoning: true },
    "openai.gpt-oss-20b": { tools: true, reasoning: true },
  },
  variables: {
    region: { env: ["AWS_REGION", "AWS_DEFAULT_REGION"], default: "us-east-1", what: "the AWS region" },
  },
  // Recordings bedrock-mantle.openai-responses.json.test-reused-tool-call-ids-gpt-5-5.
  quirks: { byModel: [{ match: ["openai.gpt-5*"], quirks: { encryptedReasoning: true } }] },
  sites: ["github.com/build-on-aws/"],
  docs: [
    // AWS_BEARER_TOKEN_BEDROCK.
    "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html",
    // The base URL.
    "https://github.com/build-on-aws/swift-bedrock-library/releases/tag/v1.17.0",
    // Third party, OpenAI's own client: AWS_BEARER_TOKEN_BEDROCK, AWS_REGION and AWS_DEFAULT_REGION, read on 2026-11-28.
    "https://www.npmjs.com/package/openai",
  ],
} as const satisfies ProviderData;
