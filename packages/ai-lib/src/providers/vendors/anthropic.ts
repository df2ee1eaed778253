import type { ProviderData } from "../endpoint/data.js";

/** Anthropic's Claude models. */
export const anthropic = {
  id: "anthropic",
  label: "Anthropic",
  preferred: 2,
  priceId: "anthropic",
  dialect: "anthropic-messages",
  ownDialect: true,
  baseUrl: "https://api.anthropic.com",
  auth: { style: "header", header: "x-api-key" },
  keyUrl: "https://platform.claude.com/settings/keys",
  model: "claude-sonnet-5-5",
  kinds: { countTokens: {} },
  // biome-ignore format: a table, one model a line
  models: {
    "claude-sonnet-5-5": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "claude-opus-5-5": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "claude-haiku-5-5": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "claude-fable-5-2": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "claude-fable-5-1": { contextWindow: 1_000_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "claude-haiku-4-5": { contextWindow: 200_000, maxOutputTokens: 64_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
  },
  // Later models answer 400 (https://platform.claude.com/docs/en/about-claude/models/migration-guide).
  prefill: ["*claude-haiku-4-5*", "*claude-sonnet-4-5*", "*claude-opus-4-5*", "*claude-opus-4-1*"],
  // A stream begins with message_start, before any thinking (https://platform.claude.com/docs/en/build-with-claude/streaming).
  headFirst: true,
  // With the version 2026-10-21 the API answers 400 to temperature, top_p and top_k (the second page below).
  variables: { version: { env: [], default: "2023-06-01", what: "the version of the API" } },
  headers: { "anthropic-version": "{version}" },
  files: { path: "/v1/files", api: "anthropic", maxBytes: 524_288_000 },
  // https://platform.claude.com/docs/en/build-with-claude/batch-processing
  batches: {
    api: "anthropic-batches",
    kinds: ["chat"],
    rows: 100_000,
    bytes: 250_000_000,
    price: 0.5,
    windows: [24],
  },
  sites: ["www.npmjs.com/package/@anthropic-ai/"],
  docs: [
    // The default model, read on 2026-11-28.
    "https://platform.claude.com/docs/en/models/sonnet-5-5/overview",
    // The version of the API.
    "https://platform.claude.com/docs/en/api/migration-2026-10-21.md",
    // The codes of errors.
    "https://platform.claude.com/docs/es/api/errors.md",
    // ANTHROPIC_API_KEY and the base URL.
    "https://www.npmjs.com/package/@anthropic-ai/sdk",
    // Counts of tokens.
    "https://platform.claude.com/docs/en/build-with-claude/token-counting",
  ],
} as const satisfies ProviderData;
