import type { ProviderData } from "../endpoint/data.js";

/**
 * Anthropic's Claude models, over Vertex AI. The credential is a credentials file of Google Cloud, an OAuth access
 * token, which lasts an hour, or a function that gets one.
 */
export const vertexAnthropic = {
  id: "vertex-anthropic",
  label: "Google Vertex AI (Anthropic)",
  telemetryName: "gcp.vertex_ai",
  dialect: "anthropic-messages",
  baseUrl: "https://{location}-aiplatform.googleapis.com/v1/projects/{project}/locations/{location}",
  // The global endpoint's host has no location.
  baseUrlWhen: {
    location: {
      global: "https://aiplatform.googleapis.com/v1/projects/{project}/locations/global",
      // Multi-regions.
      eu: "https://aiplatform.eu.rep.googleapis.com/v1/projects/{project}/locations/eu",
      us: "https://aiplatform.us.rep.googleapis.com/v1/projects/{project}/locations/us",
    },
  },
  keyEnv: ["VERTEX_API_KEY"],
  googleCredentialsEnv: ["GOOGLE_APPLICATION_CREDENTIALS"],
  keyUrl: "https://console.cloud.google.com/vertex-ai/model-garden",
  model: "claude-sonnet-5-5",
  // biome-ignore format: a table, one model a line
  models: {
    "claude-sonnet-5-5": { contextWindow: 1_000_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "claude-opus-5-5": { contextWindow: 1_000_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "claude-haiku-5-5": { contextWindow: 1_000_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "claude-fable-5-1": { contextWindow: 1_000_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "claude-sonnet-4-6": { contextWindow: 1_000_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "claude-haiku-4-5@20251001": { contextWindow: 200_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
  },
  // Later models answer 400 (https://platform.claude.com/docs/en/about-claude/models/migration-guide).
  prefill: ["*claude-haiku-4-5*", "*claude-sonnet-4-5*", "*claude-opus-4-5*", "*claude-opus-4-1*"],
  variables: {
    project: {
      env: ["GOOGLE_CLOUD_PROJECT", "GOOGLE_VERTEX_PROJECT", "GCLOUD_PROJECT", "ANTHROPIC_VERTEX_PROJECT_ID"],
      what: "the Google Cloud project",
    },
    location: {
      env: ["GOOGLE_CLOUD_LOCATION", "GOOGLE_VERTEX_LOCATION", "CLOUD_ML_REGION"],
      default: "global",
      what: "the location, such as global or europe-west1",
    },
  },
  modelsPath: null,
  quirks: { vertex: true },
  sites: ["claude.com", "www.npmjs.com/package/@anthropic-ai/"],
  docs: [
    // The paths and the models.
    "https://platform.claude.com/docs/en/api/claude-on-vertex-ai.md",
    // The hosts.
    "https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude",
    // ANTHROPIC_VERTEX_PROJECT_ID and CLOUD_ML_REGION, read on 2026-11-28.
    "https://www.npmjs.com/package/@anthropic-ai/vertex-sdk",
    // Third party: GOOGLE_VERTEX_PROJECT and GOOGLE_VERTEX_LOCATION.
    "https://www.npmjs.com/package/@ai-sdk/google-vertex",
  ],
} as const satisfies ProviderData;
