import type { ProviderData } from "../endpoint/data.js";

/**
 * Amazon Bedrock, over the Converse API, with a Bedrock API key or AWS credentials. Most models are called
 * through an inference profile, whose prefix (us., eu., global. ...) must fit the region.
 */
export const bedrock = {
  id: "bedrock",
  label: "Amazon Bedrock",
  priceId: "aws",
  telemetryName: "aws.bedrock",
  dialect: "bedrock-converse",
  ownDialect: true,
  baseUrl: "https://bedrock-runtime.{region}.amazonaws.com",
  auth: { style: "sigv4", service: "bedrock" },
  keyEnv: ["AWS_BEARER_TOKEN_BEDROCK"],
  keyUrl: "https://console.aws.amazon.com/bedrock/home#/api-keys",
  model: "us.anthropic.claude-sonnet-5-5",
  kinds: {
    embed: { model: "amazon.titan-embed-text-v2:0" },
    rerank: { model: "cohere.rerank-v3-5:0" },
    countTokens: {},
  },
  // biome-ignore format: a table, one model a line
  models: {
    "us.anthropic.claude-sonnet-5-5": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "us.anthropic.claude-haiku-5-5": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "us.anthropic.claude-sonnet-4-6": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "us.anthropic.claude-haiku-4-5-20251001-v1:0": { contextWindow: 200_000, maxOutputTokens: 64_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "us.amazon.nova-2-lite-v1:0": { contextWindow: 1_000_000, maxOutputTokens: 65_535, input: ["text", "image", "video", "pdf"], tools: true, reasoning: true },
    "us.amazon.nova-pro-v1:0": { contextWindow: 300_000, maxOutputTokens: 10_000, input: ["text", "image", "video", "pdf"], tools: true, reasoning: false },
  },
  // Later models answer 400 (https://platform.claude.com/docs/en/about-claude/models/migration-guide).
  prefill: ["*claude-haiku-4-5*", "*claude-sonnet-4-5*", "*claude-opus-4-5*", "*claude-opus-4-1*"],
  variables: {
    region: { env: ["AWS_REGION", "AWS_DEFAULT_REGION"], default: "us-east-1", what: "the AWS region" },
    batchRole: {
      env: ["AWS_BEDROCK_BATCH_ROLE_ARN"],
      what: "the ARN of the role that reads and writes the files of batches",
    },
    batchFiles: {
      env: ["AWS_BEDROCK_BATCH_S3_URI"],
      what: "where the files of batches are, such as s3://bucket/prefix",
    },
    // Variables of all AWS tools: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    s3Url: { env: ["AWS_ENDPOINT_URL_S3"], what: "the address of S3, where it is not that of the region" },
    controlUrl: {
      env: ["AWS_ENDPOINT_URL_BEDROCK"],
      what: "the address of Bedrock's jobs, where it is not that of the region",
    },
  },
  // https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html, and for the limits
  // https://docs.aws.amazon.com/general/latest/gr/bedrock.html: 100 to 50,000 records and 1 GB a file, 24 to 168 hours.
  batches: {
    api: "bedrock-batches",
    needs: ["batchRole", "batchFiles"],
    kinds: ["chat", "embed"],
    rows: 50_000,
    bytes: 1_000_000_000,
    minRows: 100,
    price: 0.5,
    windows: [24, 48, 72, 96, 120, 144, 168],
  },
  // The list of models is on another host (bedrock.{region}.amazonaws.com).
  modelsPath: null,
  sites: ["www.npmjs.com/package/@aws-sdk/"],
  docs: [
    // AWS_BEARER_TOKEN_BEDROCK.
    "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html",
    // The base URL and the region, read on 2026-11-28.
    "https://www.npmjs.com/package/@aws-sdk/client-bedrock-runtime",
    // Embeddings.
    "https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html",
    // Rankings.
    "https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-supported.html",
    // Counts of tokens.
    "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html",
  ],
} as const satisfies ProviderData;
